/** Where a save image can be written: a file gets its name when it is whole, a block device is written in place. */
import { stat } from "node:fs/promises";
import { virError } from "@vireo/model/error";
import { hasCode, hostError } from "../../host/errno.ts";

export type ImagePlace = "file" | "device";

/**
 * To be asked before the guest stands still: a node that is neither is never replaced.
 * @throws VireoError `operationFailed`, `systemError`
 */
export async function imagePlace(path: string): Promise<ImagePlace> {
  try {
    const found = await stat(path);
    if (found.isFile()) return "file";
    if (found.isBlockDevice()) return "device";
  } catch (error) {
    if (hasCode(error, "ENOENT")) return "file";
    throw hostError(`Failed to look at '${path}'`, error);
  }
  throw virError("operationFailed", `'${path}' is neither a file nor a block device`);
}
