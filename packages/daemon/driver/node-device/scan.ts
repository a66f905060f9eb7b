/** All devices of the host at one moment. The kernel is asked each time; nothing is kept. */
import { basename, dirname } from "node:path";
import type { NodeDevice } from "@vireo/model/node/node-device";
import { deviceName, type FoundDevice } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";
import { hostDevice } from "./host-device.ts";
import { mdevDefinitions, mdevDevice, type MdevDefinition, mdevName } from "./mdev.ts";
import { netDevice } from "./net.ts";
import { pciDevice } from "./pci.ts";
import { genericDevice, scsiDevice } from "./scsi.ts";
import { storageDevice } from "./storage.ts";
import { usbDevice } from "./usb.ts";

export interface ScannedDevice {
  readonly device: NodeDevice;
  /** Directory in sysfs, below the root; none of the host itself, and of what is only defined. */
  readonly real?: string;
  readonly active: boolean;
  readonly definition?: MdevDefinition;
}

type Reader = (tree: DeviceTree, real: string) => Promise<FoundDevice | undefined>;

const DRM_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^card\d+$/, "primary"],
  [/^controlD\d+$/, "control"],
  [/^renderD\d+$/, "render"],
];

function drmDevice(_tree: DeviceTree, real: string): Promise<FoundDevice | undefined> {
  const name = basename(real);
  const [, typeText] = DRM_TYPES.find(([pattern]) => pattern.test(name)) ?? [];
  if (typeText === undefined) return Promise.resolve(undefined); // a connector
  const nodes = [`/dev/dri/${name}`];
  const capability = { type: "drm", typeText } as const;
  return Promise.resolve({ name: deviceName("drm", name), real, nodes, capability });
}

const PLACES: readonly (readonly [string, Reader])[] = [
  ["bus/pci/devices", pciDevice],
  ["bus/usb/devices", usbDevice],
  ["class/net", netDevice],
  ["bus/scsi/devices", scsiDevice],
  ["class/block", storageDevice],
  ["class/scsi_generic", genericDevice],
  ["class/drm", drmDevice],
  ["bus/mdev/devices", mdevDevice],
];

const HOST = "computer";

/** The nearest directory above that is a device. */
function parentOf(real: string, names: ReadonlyMap<string, string>): string {
  for (let at = dirname(real); at !== dirname(at); at = dirname(at)) {
    const name = names.get(at);
    if (name !== undefined) return name;
  }
  return HOST;
}

async function completed(
  tree: DeviceTree,
  { name, real, nodes, capability }: FoundDevice,
  names: ReadonlyMap<string, string>,
): Promise<NodeDevice> {
  const driver = await tree.link(real, "driver");
  return {
    name,
    path: tree.shown(real),
    ...(nodes === undefined ? {} : { nodes: nodes.map((path) => ({ type: "dev", path })) }),
    parent: parentOf(real, names),
    ...(driver === undefined ? {} : { driver: { name: driver } }),
    capabilities: [capability],
  };
}

/** A mediated device that is only defined. */
function definedDevice(definition: MdevDefinition): ScannedDevice {
  const { uuid, parent, type, attributes } = definition;
  return {
    active: false,
    definition,
    device: {
      name: mdevName(uuid, parent),
      parent: deviceName("pci", parent),
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

/** The host first, then by name. */
export async function scanDevices(tree: DeviceTree): Promise<readonly ScannedDevice[]> {
  const read = PLACES.map(async ([path, reader]) =>
    Promise.all((await tree.members(path)).map(({ real }) => reader(tree, real))),
  );
  const all = (await Promise.all(read)).flat().filter((one) => one !== undefined);
  const names = new Map(all.map(({ real, name }) => [real, name]));
  const definitions = new Map(
    (await mdevDefinitions(tree)).map((one) => [mdevName(one.uuid, one.parent), one]),
  );
  const present = await Promise.all(
    all.map(async (found): Promise<ScannedDevice> => {
      const definition = definitions.get(found.name);
      const device = await completed(tree, found, names);
      const defined = definition === undefined ? {} : { definition };
      return { device, real: found.real, active: true, ...defined };
    }),
  );
  const absent = [...definitions].filter(([name]) => !all.some((one) => one.name === name));
  const others = [...present, ...absent.map(([, definition]) => definedDevice(definition))];
  const host = { name: HOST, capabilities: [await hostDevice(tree)] };
  return [
    { device: host, active: true },
    ...others.toSorted((a, b) => (a.device.name < b.device.name ? -1 : 1)),
  ];
}
