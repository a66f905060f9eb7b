/** All devices of the host at one moment. The kernel is asked each time; nothing is kept. */
import { dirname } from "node:path";
import type { NodeDevice } from "@vireo/model/node/node-device";
import { apDevice, apMatrix, ccwDevice, cssDevice } from "./channel.ts";
import type { DeviceTree } from "./device-tree.ts";
import { deviceName, type DeviceReader } from "./found-device.ts";
import { hostDevice } from "./host-device.ts";
import { mdevDefinitions, mdevDevice, type MdevDefinition, mdevName } from "./mdev.ts";
import { netDevice } from "./net.ts";
import { pciDevice } from "./pci.ts";
import { genericDevice, scsiDevice } from "./scsi.ts";
import { storageDevice } from "./storage.ts";
import { deviceNodes, sysDevice } from "./sys-device.ts";
import { usbDevice } from "./usb.ts";
import { vdpaDevice } from "./vdpa.ts";

export interface ScannedDevice {
  readonly device: NodeDevice;
  /** Directory in sysfs, below the root; none of the host itself, and of what is only defined. */
  readonly real?: string;
  readonly active: boolean;
  readonly definition?: MdevDefinition;
}

const DRM_TYPES: ReadonlyMap<string, string> = new Map([
  ["card", "primary"],
  ["controlD", "control"],
  ["renderD", "render"],
]);

const drmDevice: DeviceReader = (_tree, { name, uevent }) => {
  const typeText = DRM_TYPES.get(name.replace(/\d+$/, ""));
  // a connector is none
  if (typeText === undefined || uevent.get("DEVTYPE") !== "drm_minor")
    return Promise.resolve(undefined);
  return Promise.resolve({ name: deviceName("drm", name), capability: { type: "drm", typeText } });
};

interface Place {
  /** Where the members of a bus or class are, below /sys. */
  readonly path: string;
  readonly subsystem: string;
  readonly read: DeviceReader;
}
const busOf = (subsystem: string, read: DeviceReader): Place => ({
  path: `bus/${subsystem}/devices`,
  subsystem,
  read,
});
const classOf = (subsystem: string, read: DeviceReader): Place => ({
  path: `class/${subsystem}`,
  subsystem,
  read,
});

const PLACES: readonly Place[] = [
  busOf("pci", pciDevice),
  busOf("usb", usbDevice),
  classOf("net", netDevice),
  busOf("scsi", scsiDevice),
  classOf("block", storageDevice),
  classOf("scsi_generic", genericDevice),
  classOf("drm", drmDevice),
  busOf("mdev", mdevDevice),
  busOf("ccw", ccwDevice),
  busOf("css", cssDevice),
  busOf("ap", apDevice),
  busOf("matrix", apMatrix),
  busOf("vdpa", vdpaDevice),
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

/** A device that is there, without its parent: that is known when all are. */
interface PresentDevice {
  readonly real: string;
  readonly device: NodeDevice;
}

async function readDevice(
  tree: DeviceTree,
  { subsystem, read }: Place,
  real: string,
): Promise<PresentDevice | undefined> {
  const found = await sysDevice(tree, real, subsystem);
  const described = await read(tree, found);
  if (described === undefined) return undefined;
  const nodes = await deviceNodes(tree, found);
  const driver = await tree.link(real, "driver");
  return {
    real,
    device: {
      name: described.name,
      path: tree.shown(real),
      ...(nodes.length === 0 ? {} : { nodes }),
      ...(driver === undefined ? {} : { driver: { name: driver } }),
      capabilities: [described.capability],
    },
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
  const found = PLACES.map(async (place) => {
    const members = await tree.members(place.path);
    return Promise.all(members.map(({ real }) => readDevice(tree, place, real)));
  });
  const all = (await Promise.all(found)).flat().filter((one) => one !== undefined);
  const names = new Map(all.map(({ real, device }) => [real, device.name]));
  const definitions = new Map(
    (await mdevDefinitions(tree)).map((one) => [mdevName(one.uuid, one.parent), one]),
  );
  const present = all.map(({ real, device }): ScannedDevice => {
    const definition = definitions.get(device.name);
    const defined = definition === undefined ? {} : { definition };
    return { device: { ...device, parent: parentOf(real, names) }, real, active: true, ...defined };
  });
  const known = new Set(names.values());
  const absent = [...definitions].filter(([name]) => !known.has(name));
  const others = [...present, ...absent.map(([, definition]) => definedDevice(definition))];
  const host = { name: HOST, capabilities: [await hostDevice(tree)] };
  return [
    { device: host, active: true },
    ...others.toSorted((a, b) => (a.device.name < b.device.name ? -1 : 1)),
  ];
}
