/** Devices of the host: each once, named completely, and not asked for what it cannot do. */
import type { Hostdev } from "../device/hostdev.ts";
import type { Interface } from "../device/interface.ts";
import type { Domain } from "../domain.ts";
import { hostPciName } from "../host-pci-name.ts";
import type { ResolveFacts } from "../resolve/facts.ts";
import { checkPciNumbers } from "./check-address.ts";
import { type DeviceRule, eachDevice } from "./each-device.ts";
import { internal, unsupported, wrongXml } from "./refuse.ts";

/** What names the device on the host; two with the same are one. */
function identity(hostdev: Hostdev): string | undefined {
  if (hostdev.type === "usb") return usbIdentity(hostdev);
  if (hostdev.type === "scsi_host") return hostdev.source?.wwpn;
  if (hostdev.type === "pci") return hostdev.source?.address && hostPciName(hostdev.source.address);
  if (hostdev.type === "mdev")
    return hostdev.source?.address && JSON.stringify([hostdev.type, hostdev.source.address]);
  if (hostdev.type !== "scsi" || hostdev.source === undefined) return undefined;
  const { adapter, address, name } = hostdev.source;
  return JSON.stringify(["scsi", adapter, address, name]);
}

function usbIdentity({ source }: Extract<Hostdev, { type: "usb" }>): string | undefined {
  const { vendor, product, address } = source ?? {};
  if (address === undefined && vendor === undefined) return undefined;
  return JSON.stringify(["usb", vendor, product, address]);
}

const sourceComplete: DeviceRule<Hostdev> = (hostdev) => {
  if (hostdev.source === undefined) wrongXml("Missing <source> element in hostdev device");
  else if (hostdev.type === "usb") checkUsbSource(hostdev);
  else if (hostdev.type === "pci") checkPciNumbers(hostdev.source.address ?? {});
  else if (hostdev.type === "scsi_host" && !WWPN.test(hostdev.source.wwpn ?? ""))
    wrongXml("malformed 'wwpn' value");
};
const WWPN = /^naa\.[0-9a-fA-F]{16}$/;

/** What of the host it is. */
export const checkHostdevSources: (domain: Domain) => void = eachDevice(
  ({ hostdevs }) => hostdevs,
  sourceComplete,
);

function checkUsbSource({ source }: Extract<Hostdev, { type: "usb" }>): void {
  if (source?.vendor !== undefined && source.product === undefined) internal("missing product");
  if (source?.product !== undefined && source.vendor === undefined) internal("missing vendor");
}

/** Whole devices, not resources of containers. */
export function checkHostdevModes({ devices }: Domain): void {
  for (const { mode } of devices?.hostdevs ?? [])
    if (mode === "capabilities")
      unsupported("hostdev mode 'capabilities' is not supported in qemu");
}

/** Of a card of the host. */
function cardIdentity(net: Interface): string | undefined {
  const address = net.type === "hostdev" ? net.source?.address : undefined;
  return address?.type === "pci" ? hostPciName(address) : undefined;
}

/** Each device once, and complete. */
export function checkHostdevs({ devices }: Domain): void {
  const hostdevs = devices?.hostdevs ?? [];
  const seen = new Set((devices?.interfaces ?? []).flatMap((net) => cardIdentity(net) ?? []));
  for (const hostdev of hostdevs) {
    const name = identity(hostdev);
    if (name !== undefined && seen.has(name))
      wrongXml("Hostdev already exists in the domain configuration");
    if (name !== undefined) seen.add(name);
    if (hostdev.type === "mdev") checkMediated(hostdev);
    if (hostdev.type === "scsi_host" && hostdev.boot !== undefined)
      unsupported("booting from assigned devices is not supported by vhost SCSI devices");
  }
}

type Mediated = Extract<Hostdev, { type: "mdev" }>;

function checkMediated({ source, model, address }: Mediated): void {
  if (source?.address?.uuid === undefined)
    unsupported("Missing 'uuid' attribute for element <address>");
  const bus = model === "vfio-ccw" ? "ccw" : "pci";
  if (
    address !== undefined &&
    address.type !== bus &&
    address.type !== "unassigned" &&
    model !== "vfio-ap"
  )
    wrongXml(`Unsupported address type '${address.type}' with mediated device model '${model}'`);
}

const MEDIATED = { "vfio-ccw": "VFIO CCW", "vfio-ap": "VFIO AP" } as const;

/** Mediated devices of other architectures. */
export function checkMediatedModels(
  { devices }: Domain,
  { capabilities }: Pick<ResolveFacts, "capabilities">,
): void {
  for (const hostdev of devices?.hostdevs ?? [])
    if (hostdev.type === "mdev" && hostdev.model !== "vfio-pci" && !capabilities.has(hostdev.model))
      unsupported(
        `${MEDIATED[hostdev.model]} device assignment is not supported by this version of QEMU`,
      );
}

/** Graphics of mediated devices. */
export function checkMediatedDisplay({ devices }: Domain): void {
  const mediated = (devices?.hostdevs ?? []).filter((one) => one.type === "mdev");
  const graphics = devices?.graphics ?? [];
  if (mediated.some(({ display }) => display === true) && graphics.length === 0)
    unsupported("graphics device is needed for attribute value 'display=on' in <hostdev>");
  if (mediated.filter(({ ramfb }) => ramfb === true).length > 1)
    unsupported("Only one vgpu device can have 'ramfb' enabled");
}
