/** Kinds of mediated devices that a device can be divided into. */
import { join } from "node:path";
import type { Capability } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";

type Types = Extract<
  NonNullable<Extract<Capability, { type: "pci" }>["capabilities"]>[number],
  { type: "mdev_types" }
>;

const DIRECTORY = "mdev_supported_types";

export async function mdevTypes(tree: DeviceTree, real: string): Promise<readonly Types[]> {
  const directory = join(real, DIRECTORY);
  const types = (await tree.names(directory)).map(async (id) => {
    const [name, deviceApi, available] = await Promise.all([
      tree.text(join(directory, id), "name"),
      tree.text(join(directory, id), "device_api"),
      tree.number(join(directory, id), "available_instances"),
    ]);
    return {
      id,
      ...(name === undefined ? {} : { name }),
      ...(deviceApi === undefined ? {} : { deviceApi }),
      ...(available === undefined ? {} : { available }),
    };
  });
  const all = await Promise.all(types);
  return all.length === 0 ? [] : [{ type: "mdev_types", types: all }];
}
