/** What is on a block device before something is made of it. */
import { virError } from "@vireo/model/error";
import { plain, type Run } from "./backend.ts";

/** @throws VireoError `storagePoolBuilt` when something is on one of the devices */
export async function checkFree(run: Run, devices: readonly string[]): Promise<void> {
  for (const device of devices) {
    const found = await run(["blkid", "-p", "-o", "export", plain(device)]).catch(
      () => "", // it answers with status 2 when there is nothing
    );
    const [, type] = /^(?:PT)?TYPE=(.+)$/m.exec(found) ?? [];
    if (type !== undefined)
      throw virError("storagePoolBuilt", `Device '${device}' already formatted using '${type}'`);
  }
}
