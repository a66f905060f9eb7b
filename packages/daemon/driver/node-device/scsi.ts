/** SCSI hosts, targets, units and their generic nodes. */
import { basename } from "node:path";
import { type Capability, deviceName, type FoundDevice } from "./found-device.ts";
import type { DeviceTree } from "./device-tree.ts";

type Host = Extract<Capability, { type: "scsi_host" }>;
type HostCapability = NonNullable<Host["capabilities"]>[number];

/** Words for SCSI's kinds of devices, by number. */
const TYPES: Readonly<Record<number, string>> = {
  0: "disk",
  1: "tape",
  2: "printer",
  3: "processor",
  4: "worm",
  5: "cdrom",
  6: "scanner",
  7: "optical",
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
  const [maxVports, vports] = await Promise.all([
    tree.number(fc, "max_npiv_vports"),
    tree.number(fc, "npiv_vports_inuse"),
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
    ...(maxVports === undefined
      ? []
      : [{ type: "vport_ops" as const, maxVports, vports: vports ?? 0 }]),
  ];
}

async function scsiHost(tree: DeviceTree, real: string, host: number): Promise<FoundDevice> {
  const name = basename(real);
  const uniqueId = await tree.number(tree.at(`class/scsi_host/${name}`), "unique_id");
  const capabilities = await hostCapabilities(tree, name);
  return {
    name: deviceName("scsi", name),
    real,
    capability: {
      type: "scsi_host",
      host,
      ...(uniqueId === undefined ? {} : { uniqueId }),
      ...(capabilities.length === 0 ? {} : { capabilities }),
    },
  };
}

async function scsiUnit(
  tree: DeviceTree,
  real: string,
  [host, bus, target, lun]: readonly number[],
): Promise<FoundDevice> {
  const kind = TYPES[(await tree.number(real, "type")) ?? -1];
  return {
    name: deviceName("scsi", basename(real)),
    real,
    capability: {
      type: "scsi",
      ...(host === undefined ? {} : { host }),
      ...(bus === undefined ? {} : { bus }),
      ...(target === undefined ? {} : { target }),
      ...(lun === undefined ? {} : { lun }),
      ...(kind === undefined ? {} : { typeText: kind }),
    },
  };
}

/** One of SCSI's bus: `host2`, `target2:0:0` or `2:0:0:0`. */
export async function scsiDevice(tree: DeviceTree, real: string): Promise<FoundDevice | undefined> {
  const name = basename(real);
  const host = /^host(\d+)$/.exec(name);
  if (host !== null) return scsiHost(tree, real, Number(host[1]));
  if (/^target\d+(?::\d+){2}$/.test(name))
    return {
      name: deviceName("scsi", name),
      real,
      capability: { type: "scsi_target", target: name },
    };
  if (/^\d+(?::\d+){3}$/.test(name)) return scsiUnit(tree, real, name.split(":").map(Number));
  return undefined;
}

export function genericDevice(_tree: DeviceTree, real: string): Promise<FoundDevice> {
  const char = `/dev/${basename(real)}`;
  return Promise.resolve({
    name: deviceName("scsi_generic", basename(real)),
    real,
    nodes: [char],
    capability: { type: "scsi_generic", char },
  });
}
