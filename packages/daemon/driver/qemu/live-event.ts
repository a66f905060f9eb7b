/** What QEMU's events change in the running configuration, and what they need to know of it. Pure. */
import { placeOfAlias, removeDevice } from "@vireo/model/domain/device/change-devices";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { imagesOf, nodesOf } from "@vireo/qemu/block/disk-images";
import type { DeviceNames, NamedImage } from "./device-event.ts";
import type { LiveDomain } from "./domain-view.ts";
import type { GuestEvent } from "./guest-event.ts";
import { withModuleSize } from "./live-memory.ts";
import type { LifeAction, LifeActions } from "./life-event.ts";
import { agentChannel, withBalloon, withChannelState } from "./live-config.ts";

/** Dumping the core first, or renaming, makes no difference for what becomes of the process. */
function lifeAction(written: ResolvedDomain["onCrash"], otherwise: LifeAction): LifeAction {
  switch (written) {
    case undefined:
      return otherwise;
    case "destroy":
    case "coredump-destroy":
      return "destroy";
    case "restart":
    case "rename-restart":
    case "coredump-restart":
      return "restart";
    case "preserve":
      return "preserve";
  }
}

export const lifeActions = ({ onPoweroff, onReboot, onCrash }: ResolvedDomain): LifeActions => ({
  onPoweroff: lifeAction(onPoweroff, "destroy"),
  // a guest that reboots cannot be kept as it was
  onReboot: lifeAction(onReboot, "restart") === "restart" ? "restart" : "destroy",
  onCrash: lifeAction(onCrash, "destroy"),
});

export const deviceNames = (config: ResolvedDomain): DeviceNames => ({
  sourceOf: (alias) => {
    const disk = config.devices.disks?.find((one) => one.alias?.name === alias);
    if (disk === undefined) return "";
    if (disk.type === "file") return disk.source?.file ?? "";
    return disk.type === "block" ? (disk.source?.dev ?? "") : "";
  },
  isAgentChannel: (alias) => agentChannel(config)?.alias?.name === alias,
  imageOf: (node) => imageOfNode(config, node),
});

function imageOfNode({ devices }: ResolvedDomain, node: string): NamedImage | undefined {
  for (const disk of devices.disks ?? [])
    for (const [depth, image] of imagesOf(disk).entries()) {
      if (image.id === undefined) continue;
      const { format, storage } = nodesOf(image.id);
      if (node === format || node === storage)
        return { ...image, id: image.id, target: disk.target?.dev ?? "", isTop: depth === 0 };
    }
  return undefined;
}

/** The domain as the event leaves it; the same object when it tells nothing new. */
export function afterEvent(live: LiveDomain, { name, data }: GuestEvent): LiveDomain {
  const { id, actual, open } = data;
  if (name === "BALLOON_CHANGE" && typeof actual === "number")
    return { ...live, config: withBalloon(live.config, Math.round(actual / 1024)) };
  if (name === "VSERPORT_CHANGE" && typeof id === "string") {
    const state = open === true ? "connected" : "disconnected";
    return { ...live, config: withChannelState(live.config, id, state) };
  }
  const { size } = data;
  if (name === "MEMORY_DEVICE_SIZE_CHANGE" && typeof id === "string" && typeof size === "number")
    return { ...live, config: withModuleSize(live.config, id, size) };
  const { device } = data;
  if (name === "DEVICE_DELETED" && typeof device === "string")
    return { ...live, config: withoutAlias(live.config, device) };
  return live;
}

/** A device of another's making (a PCI bridge inside a device) has no place in the configuration. */
function withoutAlias(config: ResolvedDomain, alias: string): ResolvedDomain {
  const place = placeOfAlias(config, alias);
  return place === undefined ? config : removeDevice(config, place.kind, place.index);
}
