/** Changes a device of a running domain where QEMU can. */
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

/** @throws VireoError `operationUnsupported` for what QEMU cannot change while it runs */
export async function updateLive(
  work: DeviceWork,
  live: LiveDomain,
  { changed, force }: DeviceUpdate,
): Promise<void> {
  const index = findDevice(live.config, changed);
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
      return mustSupport("update", "live", changed.kind);
  }
}
