/** Which device of a domain a client means that describes one, as libvirt tells them apart. Pure. */
import { virError, type VireoError } from "../../error.ts";
import { deviceWord } from "./device-support.ts";
import { describeHostdev } from "./describe-hostdev.ts";
import type { DeviceOf, KindedDevice } from "./parse-device.ts";
import { hostPciName } from "../host-pci-name.ts";

interface Place {
  readonly alias?: { readonly name: string };
  readonly address?: object;
}

/** Every kind of device may have these; leases only have neither. */
const placeOf = (device: object): Place => device;

const sameObject = (a: object | undefined, b: object | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** What tells a device of a kind from its siblings, besides alias and address. */
function key({ kind, device }: KindedDevice): string | undefined {
  switch (kind) {
    case "disks":
      return device.target?.dev;
    case "filesystems":
      return device.target?.dir;
    case "graphics":
      return device.type;
    default:
      return undefined;
  }
}

/** Whatever is written in `wanted` is so in `one`; what is not written does not matter. */
function covers(one: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return one === wanted;
  if (typeof one !== "object" || one === null) return false;
  const there = one as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([name, value]) => covers(there[name], value));
}

type Line = DeviceOf<"serials" | "parallels" | "consoles" | "channels">;

const isLine = (one: KindedDevice): one is Extract<KindedDevice, { device: Line }> =>
  deviceWord(one.kind) === "character";

/** What of a character device's host side tells it from another. */
const SOURCE = ["mode", "path", "host", "service", "channel", "master", "slave"];
const sourceOf = (line: Line): object | undefined => ({ source: undefined, ...line }).source;

function sourceText(line: Line, source = sourceOf(line)): string {
  const { sources } = { sources: undefined, ...line };
  return JSON.stringify([line.type, source ?? {}, sources ?? []], SOURCE);
}

/** Which terminal it is, is QEMU's choice: a definition does not say, and then it does not matter. */
function sameSource(one: Line, wanted: Line): boolean {
  const anyTerminal = one.type === "pty" && sourceOf(one) === undefined;
  return sourceText(one) === sourceText(wanted, anyTerminal ? {} : sourceOf(wanted));
}

/** A port that is left open is no other. */
const ANY_PORT = -1;

function targetOf({ kind, device }: Extract<KindedDevice, { device: Line }>): unknown {
  const { target }: { readonly target?: TargetOf | undefined } = { target: undefined, ...device };
  const { type, name, address, port } = { ...target };
  if (kind === "channels") return [type, name, address, port];
  // libvirt tells consoles apart by number only
  return [kind === "serials" ? (type ?? "isa-serial") : "", port ?? ANY_PORT];
}
interface TargetOf {
  readonly type?: string;
  readonly name?: string;
  readonly address?: string;
  readonly port?: string | number;
}

/** Character devices are the same by both of their sides, whatever their names. */
function sameLine(one: KindedDevice, other: KindedDevice): boolean {
  if (!isLine(one) || !isLine(other)) return false;
  return (
    sameSource(one.device, other.device) &&
    JSON.stringify(targetOf(one)) === JSON.stringify(targetOf(other))
  );
}

/** A name that only one of the two has does not matter: definitions have none. */
function sameInterface(one: DeviceOf<"interfaces">, wanted: DeviceOf<"interfaces">): boolean {
  const [name, wantedName] = [one.alias?.name, wanted.alias?.name];
  if (wantedName !== undefined && name !== undefined && name !== wantedName) return false;
  if (wanted.address !== undefined && !sameObject(one.address, wanted.address)) return false;
  return wanted.mac === undefined || one.mac?.address === wanted.mac.address;
}

export function sameDevice(candidate: KindedDevice, wanted: KindedDevice): boolean {
  if (isLine(wanted)) return sameLine(candidate, wanted);
  if (candidate.kind === "interfaces" && wanted.kind === "interfaces")
    return sameInterface(candidate.device, wanted.device);
  const one = placeOf(candidate.device);
  const other = placeOf(wanted.device);
  if (other.alias !== undefined) return one.alias?.name === other.alias.name;
  if (other.address !== undefined && !sameObject(one.address, other.address)) return false;
  const wantedKey = key(wanted);
  if (wantedKey !== undefined) return key(candidate) === wantedKey;
  return other.address !== undefined || covers(candidate.device, wanted.device);
}

function interfaceMissing({ mac, alias, address }: DeviceOf<"interfaces">): string {
  const place = address?.type === "pci" ? hostPciName(address) : "(<null>)";
  return `no device found at address '${place}' matching MAC address '${mac?.address ?? "(<null>)"}' and alias '${alias?.name ?? "(<null>)"}'`;
}

/** Of what a running domain does not have. */
function missingLive(wanted: KindedDevice): string {
  const { kind, device } = wanted;
  if (kind === "disks") return `disk ${device.target?.dev ?? ""} not found`;
  if (kind === "hostdevs") return `${describeHostdev(device)} not found`;
  if (isLine(wanted))
    return `chr type '${kind.slice(0, -1)}' device not present in domain configuration`;
  const word = deviceWord(kind);
  return kind === "vsock"
    ? `matching ${word} device not found`
    : `no matching ${word} device was found`;
}

/** libvirt's error for a device that is not there; of those that run it speaks otherwise. */
export function deviceMissing(wanted: KindedDevice, live: boolean): VireoError {
  const { kind, device } = wanted;
  if (kind === "interfaces") return virError("deviceMissing", interfaceMissing(device));
  if (kind === "graphics")
    return live
      ? virError(
          "deviceMissing",
          `cannot find existing graphics device to modify of type '${device.type}'`,
        )
      : virError(
          "invalidArg",
          `cannot find existing graphics type '${device.type}' device to modify`,
        );
  if (live) return virError("deviceMissing", missingLive(wanted));
  if (isLine(wanted)) return virError("invalidArg", "device not present in domain configuration");
  if (kind === "disks")
    return virError("deviceMissing", `no target device ${device.target?.dev ?? ""}`);
  if (kind === "hostdevs")
    return virError("deviceMissing", "device not present in domain configuration");
  return virError("deviceMissing", `no matching ${deviceWord(kind)} device was found`);
}
