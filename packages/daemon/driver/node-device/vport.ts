/** Virtual ports of fibre channel hosts (NPIV). */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { virError } from "@vireo/model/error";
import type { NodeDevice, ParentWish } from "@vireo/model/node/node-device";
import type { DeviceIndex } from "./device-index.ts";
import type { DeviceTree } from "./device-tree.ts";
import type { Capability } from "./found-device.ts";
import type { ScannedDevice } from "./scan.ts";
import { fcHostPath } from "./scsi.ts";

type Host = Extract<Capability, { type: "scsi_host" }>;

export interface PortNames {
  readonly wwnn: string;
  readonly wwpn: string;
}
const WWN = /^[\da-f]{16}$/i;
/** Of the kind that is registered (5), by the company that made the first of them for QEMU. */
const OWN_WWN = "5001a4a";
const OWN_DIGITS = 9;

const newName = (): string => `${OWN_WWN}${randomBytes(8).toString("hex").slice(0, OWN_DIGITS)}`;

const fcOf = (host: Host) => {
  const fc = host.capabilities?.find(({ type }) => type === "fc_host");
  return fc?.type === "fc_host" ? fc : undefined;
};

/** World-wide names that a document wants for a virtual port, or new ones. @throws VireoError */
export function portOf({ capabilities }: NodeDevice): PortNames {
  const host = capabilities?.[0];
  if (host?.type !== "scsi_host") throw virError("configUnsupported", "Unsupported device type");
  const fc = fcOf(host);
  if (fc === undefined) throw virError("internalError", "Device is not a fibre channel HBA");
  const { wwnn = newName(), wwpn = newName() } = fc;
  if (WWN.test(wwnn) && WWN.test(wwpn)) return { wwnn, wwpn };
  throw virError(
    "xmlError",
    `a world-wide name has 16 hexadecimal digits, not '${wwnn}', '${wwpn}'`,
  );
}

const hostOf = ({ device }: ScannedDevice): Host | undefined => {
  const [host] = device.capabilities ?? [];
  return host?.type === "scsi_host" ? host : undefined;
};

export const isPort = (found: ScannedDevice, { wwnn, wwpn }: PortNames): boolean => {
  const host = hostOf(found);
  const fc = host === undefined ? undefined : fcOf(host);
  return fc?.wwnn === wwnn && fc.wwpn === wwpn;
};

const makesPorts = (found: ScannedDevice): boolean =>
  hostOf(found)?.capabilities?.some(({ type }) => type === "vport_ops") === true;

const isOn = (found: ScannedDevice, fabricWwn: string): boolean => {
  const host = hostOf(found);
  return host !== undefined && fcOf(host)?.fabricWwn === fabricWwn;
};

/** The host that a new port is to be on: named, known by its names or its fabric, or any. @throws VireoError */
export async function parentOfPort(
  index: DeviceIndex,
  { name, wish }: { readonly name: string | undefined; readonly wish: ParentWish },
): Promise<ScannedDevice> {
  const { wwnn, wwpn, fabricWwn } = wish;
  const all = await index.all();
  const found = all.find((one) => {
    if (name !== undefined && name !== "") return one.device.name === name;
    if (wwnn !== undefined && wwpn !== undefined) return isPort(one, { wwnn, wwpn });
    return makesPorts(one) && (fabricWwn === undefined || isOn(one, fabricWwn));
  });
  if (found === undefined)
    throw virError("internalError", "Could not find parent device for 'new device'");
  if (makesPorts(found)) return found;
  throw virError(
    "internalError",
    `Parent device ${found.device.name} is not capable of vport operations`,
  );
}

/** `scsi_host3` is `host3` in sysfs. */
const hostName = (device: string | undefined): string => (device ?? "").replace(/^scsi_/, "");

/** Makes or removes a virtual port of the host that is named. @throws VireoError */
export async function changePort(
  tree: DeviceTree,
  {
    host,
    verb,
  }: { readonly host: string | undefined; readonly verb: "vport_create" | "vport_delete" },
  { wwnn, wwpn }: PortNames,
): Promise<void> {
  const directory = fcHostPath(tree, hostName(host));
  if (!(await tree.isThere(join(directory, verb))))
    throw virError("operationFailed", `${host ?? "the device"} has no virtual ports`);
  await tree.write(join(directory, verb), `${wwpn}:${wwnn}`);
}

const ARRIVAL_MS = 10_000;
const LOOK_MS = 50;

/** The port that was made: its names come a moment after it. @throws VireoError `noNodeDevice` */
export async function arrivedPort(index: DeviceIndex, names: PortNames): Promise<ScannedDevice> {
  const deadline = performance.now() + ARRIVAL_MS;
  for (;;) {
    const found = (await index.all()).find((one) => isPort(one, names));
    if (found !== undefined) return found;
    if (performance.now() > deadline) break;
    await pause(LOOK_MS);
  }
  throw virError(
    "noNodeDevice",
    `the virtual port ${names.wwnn}, ${names.wwpn} was made, but did not come within ${ARRIVAL_MS / 1000} s: is the adapter's cable in?`,
  );
}
