/** Mediated devices: those that are there, and mdevctl's definitions of others. */
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { readTextIfThere } from "../../host/file.ts";
import { type Capability, deviceName, type DeviceReader } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";

export type Mdev = Extract<Capability, { type: "mdev" }>;

export const mdevName = (uuid: string, parent: string): string => deviceName("mdev", uuid, parent);

export const mdevDevice: DeviceReader = async (tree, { real, name: uuid }) => {
  const parent = basename(dirname(real));
  const type = await tree.link(real, "mdev_type");
  const group = Number(await tree.link(real, "iommu_group"));
  const capability: Mdev = {
    type: "mdev",
    ...(type === undefined ? {} : { typeText: { id: type } }),
    uuid,
    parentAddress: parent,
    ...(Number.isNaN(group) ? {} : { iommuGroup: { number: group } }),
  };
  return { name: mdevName(uuid, parent), capability };
};

/** One definition of mdevctl: `/etc/mdevctl.d/PARENT/UUID`. */
export interface MdevDefinition {
  readonly parent: string;
  readonly uuid: string;
  readonly type: string;
  readonly autostart: boolean;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
}

type Written = Readonly<Record<string, unknown>>;

function attributesOf(attrs: unknown): MdevDefinition["attributes"] {
  if (!Array.isArray(attrs)) return [];
  return attrs.flatMap((one: unknown) =>
    typeof one === "object" && one !== null
      ? Object.entries(one).map(([name, value]) => ({ name, value: String(value) }))
      : [],
  );
}

/** Undefined for a file that is none of mdevctl's. */
export function parseMdevDefinition(
  text: string,
  where: { readonly parent: string; readonly uuid: string },
): MdevDefinition | undefined {
  try {
    const { mdev_type: type, start, attrs } = JSON.parse(text) as Written;
    if (typeof type !== "string") return undefined;
    return { ...where, type, autostart: start === "auto", attributes: attributesOf(attrs) };
  } catch {
    return undefined;
  }
}

export const formatMdevDefinition = ({ type, autostart, attributes }: MdevDefinition): string =>
  `${JSON.stringify(
    {
      mdev_type: type,
      start: autostart ? "auto" : "manual",
      attrs: attributes.map(({ name, value }) => ({ [name]: value })),
    },
    undefined,
    2,
  )}\n`;

export const definitionPath = (
  tree: DeviceTree,
  { parent, uuid }: Pick<MdevDefinition, "parent" | "uuid">,
): string => join(tree.roots.mdevctl, parent, uuid);

export async function mdevDefinitions(tree: DeviceTree): Promise<readonly MdevDefinition[]> {
  const { mdevctl } = tree.roots;
  const found: MdevDefinition[] = [];
  for (const parent of await tree.names(mdevctl))
    for (const uuid of await tree.names(join(mdevctl, parent))) {
      const text = await readTextIfThere(join(mdevctl, parent, uuid)).catch(() => undefined);
      const definition =
        text === undefined ? undefined : parseMdevDefinition(text, { parent, uuid });
      if (definition !== undefined) found.push(definition);
    }
  return found;
}

/** Where the parent of mediated devices is, in sysfs. */
export const parentDirectory = (tree: DeviceTree, parent: string): Promise<string | undefined> =>
  realpath(tree.at(`class/mdev_bus/${parent}`))
    .catch(() => realpath(tree.at(`bus/pci/devices/${parent}`)))
    .catch(() => undefined);
