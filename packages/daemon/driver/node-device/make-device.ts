/** Devices that are made: mediated devices, and virtual ports of fibre channel hosts. */
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { virError } from "@vireo/model/error";
import type { NodeDevice } from "@vireo/model/node/node-device";
import { removeKept, writeFileAtomically } from "../../host/file.ts";
import { newUuid } from "../../state/new-uuid.ts";
import type { DeviceIndex } from "./device-index.ts";
import type { DeviceTree } from "./device-tree.ts";
import {
  definitionPath,
  formatMdevDefinition,
  type MdevDefinition,
  parentDirectory,
} from "./mdev.ts";
import { HOST, type ScannedDevice } from "./scan.ts";

const unsupported = (detail = "Unsupported device type") => virError("configUnsupported", detail);

const PARENTS: readonly string[] = ["pci", "css", "ap_matrix"];
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** How the parent is called in sysfs and in mdevctl's files: `0000:00:02.0`, `0.0.0002`, `matrix`. */
async function parentAddress(index: DeviceIndex, parent: string | undefined): Promise<string> {
  if (parent === undefined) throw unsupported("missing parent device");
  const found = await index.find(parent);
  const kind = found?.device.capabilities?.[0]?.type ?? "";
  if (found?.real === undefined || !PARENTS.includes(kind))
    throw unsupported(`invalid parent device '${parent}'`);
  return basename(found.real);
}

/** What a document says of a mediated device. @throws VireoError */
export async function mdevOf(
  index: DeviceIndex,
  { parent, capabilities }: NodeDevice,
): Promise<MdevDefinition> {
  const mdev = capabilities?.[0];
  if (mdev?.type !== "mdev") throw unsupported();
  const type = mdev.typeText?.id;
  if (type === undefined) throw unsupported("missing type id attribute for 'new device'");
  const uuid = mdev.uuid ?? newUuid();
  if (!UUID.test(uuid))
    throw virError("internalError", `Invalid uuid '${uuid}' for new mdev device`);
  const attributes = mdev.attributes ?? [];
  const address = await parentAddress(index, parent);
  return { parent: address, uuid: uuid.toLowerCase(), type, autostart: false, attributes };
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
  const made = tree.at(`bus/mdev/devices/${uuid}`);
  try {
    for (const { name, value } of attributes) {
      if (!/^[A-Za-z0-9_]+$/.test(name)) throw virError("invalidArg", `no attribute '${name}'`);
      await tree.write(join(made, name), value);
    }
  } catch (error) {
    await tree.write(join(made, "remove"), "1").catch(() => undefined); // the first fault tells more
    throw error;
  }
}

export async function saveMdev(tree: DeviceTree, definition: MdevDefinition): Promise<void> {
  const path = definitionPath(tree, definition);
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(path, formatMdevDefinition(definition));
}

/** @throws VireoError `operationInvalid` when it has no definition; `configUnsupported` of the host itself */
export function definitionOf({ device, definition }: ScannedDevice): MdevDefinition {
  if (definition !== undefined) return definition;
  if (device.name === HOST) throw unsupported(); // which is always there
  throw virError("operationInvalid", `Node device '${device.name}' is not defined`);
}

export const forgetMdev = (tree: DeviceTree, definition: MdevDefinition): Promise<void> =>
  removeKept(definitionPath(tree, definition));
