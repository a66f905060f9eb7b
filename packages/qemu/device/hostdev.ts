/** `<hostdev>`: a device of the host given to the guest. */
import { virError } from "@vireo/model/error";
import type { Hostdev } from "@vireo/model/domain/device/hostdev";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { bootIndex } from "./boot-index.ts";
import { busProps } from "./bus-address.ts";
import { scsiHostdevSteps } from "./hostdev-scsi.ts";
import { hostPciName } from "@vireo/model/domain/host-pci-name";
import { romProps } from "./rom.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";
import { virtioDriver } from "./virtio.ts";

type Of<T extends Hostdev["type"]> = Extract<Hostdev, { type: T }>;

const pciDevice = (hostdev: Of<"pci">, scope: DeviceScope): JsonObject => ({
  driver: "vfio-pci",
  host: hostdev.source?.address === undefined ? undefined : hostPciName(hostdev.source.address),
  id: aliasOf(hostdev),
  failover_pair_id: hostdev.teaming?.type === "transient" ? hostdev.teaming.persistent : undefined,
  bootindex: bootIndex(hostdev, scope),
  ...busProps(hostdev, scope),
  ...romProps(hostdev.rom),
});

/** Path of a USB device node, by the numbers the host gave it. */
const usbNode = (bus: number, device: number): string =>
  `/dev/bus/usb/${String(bus).padStart(3, "0")}/${String(device).padStart(3, "0")}`;

function usbPlace(hostdev: Of<"usb">, { caps }: DeviceScope): JsonObject {
  const address = hostdev.source?.address;
  if (address === undefined || hostdev.source?.missing === true) return {};
  return caps.flags.has("usb-host.hostdevice")
    ? { hostdevice: usbNode(address.bus, address.device) }
    : { hostbus: address.bus, hostaddr: address.device };
}

/** How far a reset by the guest goes. */
function resetProps(guestReset: string | undefined): JsonObject {
  switch (guestReset) {
    case "off":
      return { "guest-reset": false };
    case "uninitialized":
      return { "guest-reset": true, "guest-resets-all": false };
    case "on":
      return { "guest-reset": true, "guest-resets-all": true };
    default:
      return {};
  }
}

const usbDevice = (hostdev: Of<"usb">, scope: DeviceScope): JsonObject => ({
  driver: "usb-host",
  ...usbPlace(hostdev, scope),
  ...resetProps(hostdev.source?.guestReset),
  id: aliasOf(hostdev),
  bootindex: bootIndex(hostdev, scope),
  ...busProps(hostdev, scope),
});

/** A display that the firmware can show itself on cannot be unplugged. */
const mdevDriver = ({ model, ramfb }: Of<"mdev">): string =>
  model === "vfio-pci" && ramfb === true ? "vfio-pci-nohotplug" : model;

const onOff = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? "on" : "off";

const mdevDevice = (hostdev: Of<"mdev">, scope: DeviceScope): JsonObject => ({
  driver: mdevDriver(hostdev),
  id: aliasOf(hostdev),
  sysfsdev: `/sys/bus/mdev/devices/${hostdev.source?.address?.uuid ?? ""}`,
  display: onOff(hostdev.display),
  ramfb: hostdev.ramfb === true ? true : undefined,
  bootindex: bootIndex(hostdev, scope),
  ...busProps(hostdev, scope),
});

function vhostScsiDevice(hostdev: Of<"scsi_host">, scope: DeviceScope): JsonObject {
  const id = aliasOf(hostdev);
  const fd = scope.fds.take({
    kind: "vhost-scsi",
    id,
    path: "/dev/vhost-scsi",
    origin: scope.origin,
  });
  return {
    driver: virtioDriver("vhost-scsi", hostdev.address, hostdev.model),
    wwpn: hostdev.source?.wwpn,
    vhostfd: String(fd),
    id,
    ...busProps(hostdev, scope),
  };
}

function device(hostdev: Exclude<Hostdev, { type: "scsi" }>, scope: DeviceScope): JsonObject {
  switch (hostdev.type) {
    case "pci":
      return pciDevice(hostdev, scope);
    case "usb":
      return usbDevice(hostdev, scope);
    case "mdev":
      return mdevDevice(hostdev, scope);
    case "scsi_host":
      return vhostScsiDevice(hostdev, scope);
    case "storage":
    case "misc":
    case "net":
      throw virError("configUnsupported", `hostdev mode 'capabilities' is not supported in QEMU`);
  }
}

/** A host device set aside with the domain (detached from the host) but not shown to the guest. */
export function isUnassigned(hostdev: Pick<Hostdev, "address">): boolean {
  return hostdev.address?.type === "unassigned";
}

/** `node` numbers the block node of a SCSI device. */
export function hostdevSteps(hostdev: Hostdev, node: number, scope: DeviceScope): PlugStep[] {
  if (isUnassigned(hostdev)) return [];
  if (hostdev.type === "scsi") return scsiHostdevSteps(hostdev, node, scope);
  return [deviceStep(given(device(hostdev, scope)), scope.origin)];
}
