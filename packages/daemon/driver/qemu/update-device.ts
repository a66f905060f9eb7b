/** Changes a device of a running domain where QEMU can. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import { mustSupport } from "@vireo/model/domain/device/device-support";
import { findDevice } from "@vireo/model/domain/device/change-devices";
import type { KindedDevice } from "@vireo/model/domain/device/parse-device";
import { updateGraphics } from "./change-graphics.ts";
import { updateInterface } from "./change-interface.ts";
import { updateDisk } from "./change-medium.ts";
import { updateMemory } from "./change-memory.ts";
import type { DeviceWork } from "./device-work.ts";
import type { LiveDomain } from "./domain-view.ts";

export interface DeviceUpdate {
  readonly changed: KindedDevice;
  /** Open a tray that the guest has locked. */
  readonly force: boolean;
}

/** @throws VireoError `internalError` */
function mustHaveDisk({ config }: LiveDomain, { target }: Disk): void {
  if (config.devices.disks?.some((one) => one.target?.dev === target?.dev) !== true)
    throw virError("internalError", `disk '${target?.dev ?? ""}' not found`);
}

/** @throws VireoError `operationUnsupported` for what QEMU cannot change while it runs */
export async function updateLive(
  work: DeviceWork,
  live: LiveDomain,
  { changed, force }: DeviceUpdate,
): Promise<void> {
  if (changed.kind === "disks") mustHaveDisk(live, changed.device);
  mustSupport("update", "live", changed.kind);
  const index = findDevice(live.config, changed, true);
  switch (changed.kind) {
    case "disks":
      return updateDisk(work, live, { wanted: changed.device, index, force });
    case "interfaces":
      return updateInterface(work, live, { wanted: changed.device, index });
    case "memories":
      return updateMemory(work, live, { wanted: changed.device, index });
    case "graphics":
      return updateGraphics(work, live, { wanted: changed.device, index });
    default:
      return undefined; // refused above
  }
}
