/** One device as it is told, from what is in sysfs or in a definition. */
import { dirname } from "node:path";
import type { NodeDevice } from "@vireo/model/node/node-device";
import type { DeviceTree } from "./device-tree.ts";
import { deviceName } from "./found-device.ts";
import { type MdevDefinition, mdevName } from "./mdev.ts";
import type { Place } from "./places.ts";
import { deviceNodes, sysDevice } from "./sys-device.ts";

export interface ScannedDevice {
  readonly device: NodeDevice;
  /** Directory in sysfs, below the root; none of the host itself, and of what is only defined. */
  readonly real?: string;
  readonly active: boolean;
  readonly definition?: MdevDefinition;
}

/** The host itself, at the root of all. */
export const HOST = "computer";

/** The nearest directory above that is a device. */
export function parentOf(real: string, nameOf: (real: string) => string | undefined): string {
  for (let at = dirname(real); at !== dirname(at); at = dirname(at)) {
    const name = nameOf(at);
    if (name !== undefined) return name;
  }
  return HOST;
}

/** A device that is there, without its parent; undefined for what libvirt does not list, and what is gone. */
export async function readDevice(
  tree: DeviceTree,
  { subsystem, read }: Place,
  real: string,
): Promise<NodeDevice | undefined> {
  const found = await sysDevice(tree, real, subsystem);
  const described = await read(tree, found);
  if (described === undefined) return undefined;
  const nodes = await deviceNodes(tree, found);
  const driver = await tree.link(real, "driver");
  // what left while it was read is half told
  if (!(await tree.isThere(real))) return undefined;
  return {
    name: described.name,
    path: tree.shown(real),
    ...(nodes.length === 0 ? {} : { nodes }),
    ...(driver === undefined ? {} : { driver: { name: driver } }),
    capabilities: [described.capability],
  };
}

/** How the parent of a mediated device is listed, from its address. */
function parentName(address: string): string {
  if (address === "matrix") return deviceName("ap", address);
  return deviceName(address.includes(":") ? "pci" : "css", address);
}

/** A mediated device that is only defined. */
export function definedDevice(definition: MdevDefinition): ScannedDevice {
  const { uuid, parent, type, attributes } = definition;
  return {
    active: false,
    definition,
    device: {
      name: mdevName(uuid, parent),
      parent: parentName(parent),
      capabilities: [
        {
          type: "mdev",
          typeText: { id: type },
          uuid,
          parentAddress: parent,
          ...(attributes.length === 0 ? {} : { attributes }),
        },
      ],
    },
  };
}
