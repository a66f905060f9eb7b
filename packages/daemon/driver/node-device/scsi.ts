/** SCSI hosts, targets, units and their generic nodes. */
import { join } from "node:path";
import {
  type Capability,
  deviceName,
  type DeviceReader,
  type FoundDevice,
} from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";
import type { SysDevice } from "./sys-device.ts";

type Host = Extract<Capability, { type: "scsi_host" }>;
type HostCapability = NonNullable<Host["capabilities"]>[number];

/** Words for SCSI's kinds of devices, by number. */
const TYPES: Readonly<Record<number, string>> = {
  0: "disk",
  1: "tape",
  3: "processor",
  4: "worm",
  5: "cdrom",
  6: "scanner",
  7: "mod",
  8: "changer",
  12: "raid",
  13: "enclosure",
};

/** Where the kernel keeps what is of a fibre channel host. */
export const fcHostPath = (tree: DeviceTree, host: string): string =>
  tree.at(`class/fc_host/${host}`);

async function wwn(tree: DeviceTree, host: string, name: string): Promise<string | undefined> {
  return (await tree.text(fcHostPath(tree, host), name))?.replace(/^0x/, "");
}

async function hostCapabilities(
  tree: DeviceTree,
  host: string,
): Promise<readonly HostCapability[]> {
  const fc = fcHostPath(tree, host);
  const [wwnn, wwpn, fabricWwn] = await Promise.all(
    ["node_name", "port_name", "fabric_name"].map((name) => wwn(tree, host, name)),
  );
  const [maxVports, vports, canMake] = await Promise.all([
    tree.number(fc, "max_npiv_vports"),
    tree.number(fc, "npiv_vports_inuse"),
    tree.isThere(join(fc, "vport_create")),
  ]);
  return [
    ...(wwnn === undefined || wwpn === undefined
      ? []
      : [
          {
            type: "fc_host" as const,
            wwnn,
            wwpn,
            ...(fabricWwn === undefined ? {} : { fabricWwn }),
          },
        ]),
    ...(maxVports === undefined || !canMake
      ? []
      : [{ type: "vport_ops" as const, maxVports, vports: vports ?? 0 }]),
  ];
}

async function scsiHost(tree: DeviceTree, name: string, host: number): Promise<FoundDevice> {
  const uniqueId = await tree.number(tree.at(`class/scsi_host/${name}`), "unique_id");
  const capabilities = await hostCapabilities(tree, name);
  return {
    name: deviceName("scsi", name),
    capability: {
      type: "scsi_host",
      host,
      ...(uniqueId === undefined ? {} : { uniqueId }),
      ...(capabilities.length === 0 ? {} : { capabilities }),
    },
  };
}

const SCSI_ADDRESS = /^(\d+):(\d+):(\d+):(\d+)$/;

async function scsiUnit(
  tree: DeviceTree,
  { real, name }: SysDevice,
): Promise<FoundDevice | undefined> {
  const address = SCSI_ADDRESS.exec(name);
  if (address === null) return undefined;
  const [host = 0, bus = 0, target = 0, lun = 0] = address.slice(1).map(Number);
  const kind = TYPES[(await tree.number(real, "type")) ?? -1];
  return {
    name: deviceName("scsi", name),
    capability: {
      type: "scsi",
      host,
      bus,
      target,
      lun,
      ...(kind === undefined ? {} : { typeText: kind }),
    },
  };
}

/** The remote port of a fibre channel network that the target is behind. */
async function remotePort(tree: DeviceTree, real: string) {
  const rport = /\/(rport-\d+:\d+-\d+)\//.exec(real)?.[1];
  if (rport === undefined) return [];
  const wwpn = await tree.text(tree.at(`class/fc_remote_ports/${rport}`), "port_name");
  return wwpn === undefined ? [] : [{ type: "fc_remote_port" as const, rport, wwpn }];
}

async function scsiTarget(tree: DeviceTree, { real, name }: SysDevice): Promise<FoundDevice> {
  const capabilities = await remotePort(tree, real);
  return {
    name: deviceName("scsi", name),
    capability: {
      type: "scsi_target",
      target: name,
      ...(capabilities.length === 0 ? {} : { capabilities }),
    },
  };
}

/** One of SCSI's bus: `host2`, `target2:0:0` or `2:0:0:0`. */
export const scsiDevice: DeviceReader = async (tree, device) => {
  const host = /^host(\d+)$/.exec(device.name);
  if (host !== null) return scsiHost(tree, device.name, Number(host[1]));
  return device.name.startsWith("target") ? scsiTarget(tree, device) : scsiUnit(tree, device);
};

export const genericDevice: DeviceReader = (_tree, { name, uevent }) =>
  Promise.resolve({
    name: deviceName("scsi_generic", name),
    capability: { type: "scsi_generic", char: join("/dev", uevent.get("DEVNAME") ?? name) },
  });
