/** The host itself, at the root of its devices. */
import type { Capability } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";

type System = Extract<Capability, { type: "system" }>;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const NO_UUID = "00000000-0000-0000-0000-000000000000";

/** Leaves out what the firmware does not tell. */
const told = <T extends Readonly<Record<string, string | undefined>>>(
  fields: T,
): { readonly [K in keyof T]?: string } => {
  const entries = Object.entries(fields).filter(([, text]) => text !== undefined);
  return Object.fromEntries(entries) as { readonly [K in keyof T]?: string }; // the same keys
};

export async function hostDevice(tree: DeviceTree): Promise<System> {
  const dmi = (name: string): Promise<string | undefined> =>
    tree.text(tree.at("class/dmi/id"), name);
  const [product, vendor, version, serial, uuid] = await Promise.all(
    ["product_name", "sys_vendor", "product_version", "product_serial", "product_uuid"].map(dmi),
  );
  const [biosVendor, biosVersion, releaseDate] = await Promise.all(
    ["bios_vendor", "bios_version", "bios_date"].map(dmi),
  );
  const known = uuid !== undefined && UUID.test(uuid) ? uuid.toLowerCase() : NO_UUID;
  return {
    type: "system",
    ...told({ systemProduct: product }),
    hardware: { ...told({ vendor, version, serial }), uuid: known },
    firmware: told({ vendor: biosVendor, version: biosVersion, releaseDate }),
  };
}
