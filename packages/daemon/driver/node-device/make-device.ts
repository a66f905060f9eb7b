/** Devices that are made: mediated devices, and virtual ports of fibre channel hosts. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { virError } from "@vireo/model/error";
import type { NodeDevice } from "@vireo/model/node/node-device";
import { removeKept, writeFileAtomically } from "../../host/file.ts";
import { newUuid } from "../../state/new-uuid.ts";
import type { DeviceTree } from "./device-tree.ts";
import {
  definitionPath,
  formatMdevDefinition,
  type MdevDefinition,
  parentDirectory,
} from "./mdev.ts";
import type { ScannedDevice } from "./scan.ts";
import { fcHostPath } from "./scsi.ts";

const unsupported = () => virError("configUnsupported", "Unsupported device type");

/** The address of a PCI device, from the name it is listed by: `pci_0000_00_02_0`. */
function addressOf(parent: string | undefined): string {
  const match = /^pci_([\da-f]{4,8})_([\da-f]{2})_([\da-f]{2})_([0-7])$/i.exec(parent ?? "");
  if (match === null)
    throw virError("noNodeDevice", `unable to find parent device '${parent ?? ""}'`);
  return `${match[1]}:${match[2]}:${match[3]}.${match[4]}`;
}

/** What a document says of a mediated device. @throws VireoError */
export function mdevOf({ parent, capabilities }: NodeDevice): MdevDefinition {
  const mdev = capabilities?.[0];
  if (mdev?.type !== "mdev") throw unsupported();
  const type = mdev.typeText?.id;
  if (type === undefined) throw virError("xmlError", "missing type id attribute");
  const uuid = mdev.uuid ?? newUuid();
  const attributes = mdev.attributes ?? [];
  return { parent: addressOf(parent), uuid, type, autostart: false, attributes };
}

/** @throws VireoError when the parent cannot have such a device */
export async function makeMdev(tree: DeviceTree, wanted: MdevDefinition): Promise<void> {
  const { parent, uuid, type, attributes } = wanted;
  const directory = await parentDirectory(tree, parent);
  const types =
    directory === undefined ? [] : await tree.names(join(directory, "mdev_supported_types"));
  if (directory === undefined || !types.includes(type))
    throw virError(
      "operationFailed",
      types.length === 0
        ? `device ${parent} has no mediated devices`
        : `device ${parent} has no mediated devices of type '${type}', only of ${types.join(", ")}`,
    );
  await tree.write(join(directory, "mdev_supported_types", type, "create"), uuid);
  for (const { name, value } of attributes) {
    if (!/^[A-Za-z0-9_]+$/.test(name)) throw virError("invalidArg", `no attribute '${name}'`);
    await tree.write(tree.at(`bus/mdev/devices/${uuid}/${name}`), value);
  }
}

export async function saveMdev(tree: DeviceTree, definition: MdevDefinition): Promise<void> {
  const path = definitionPath(tree, definition);
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(path, formatMdevDefinition(definition));
}

/** @throws VireoError `configUnsupported` when it is no mediated device with a definition */
export function definitionOf({ device, definition }: ScannedDevice): MdevDefinition {
  if (device.capabilities?.[0]?.type !== "mdev") throw unsupported();
  if (definition !== undefined) return definition;
  throw virError("operationInvalid", "device is not persistent");
}

export const forgetMdev = (tree: DeviceTree, definition: MdevDefinition): Promise<void> =>
  removeKept(definitionPath(tree, definition));

interface PortNames {
  readonly wwnn: string;
  readonly wwpn: string;
}
const WWN = /^[\da-f]{16}$/i;

/** World-wide names that a document wants for a virtual port. @throws VireoError */
export function portOf({ capabilities }: NodeDevice): PortNames {
  const host = capabilities?.[0];
  if (host?.type !== "scsi_host") throw unsupported();
  const fc = host.capabilities?.find(({ type }) => type === "fc_host");
  const { wwnn = "", wwpn = "" } = fc?.type === "fc_host" ? fc : {};
  if (WWN.test(wwnn) && WWN.test(wwpn)) return { wwnn, wwpn };
  throw virError("xmlError", "missing or malformed wwnn or wwpn of the virtual port");
}

/** Makes or removes a virtual port of a fibre channel host, such as `host3`. @throws VireoError */
export async function changePort(
  tree: DeviceTree,
  { host, verb }: { readonly host: string; readonly verb: "vport_create" | "vport_delete" },
  { wwnn, wwpn }: PortNames,
): Promise<void> {
  const directory = fcHostPath(tree, host);
  if (!(await tree.names(directory)).includes(verb))
    throw virError("operationFailed", `SCSI host ${host} has no virtual ports`);
  await tree.write(join(directory, verb), `${wwpn}:${wwnn}`);
}
