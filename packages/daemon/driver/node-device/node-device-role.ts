/** Operations on devices of the host. */
import { join } from "node:path";
import { virError, type VireoError } from "@vireo/model/error";
import { formatNodeDevice, type NodeDevice, parseNodeDevice } from "@vireo/model/node/node-device";
import type { NodeDeviceRef, NodeDeviceSummary } from "@vireo/model/operation/node-device";
import { schemaObjection } from "../../host/xml-schema.ts";
import type { Role } from "../contract.ts";
import { detachDevice, objectionsTo, reattachDevice, resetDevice } from "./assignment.ts";
import type { DeviceTree } from "./device-tree.ts";
import {
  changePort,
  definitionOf,
  forgetMdev,
  makeMdev,
  mdevOf,
  portOf,
  saveMdev,
} from "./make-device.ts";
import { mdevName } from "./mdev.ts";
import { type ScannedDevice, scanDevices } from "./scan.ts";

const capabilitiesOf = ({ capabilities = [] }: NodeDevice): readonly string[] =>
  capabilities.flatMap((one) => [
    one.type,
    ...("capabilities" in one ? (one.capabilities ?? []) : []).flatMap(({ type }) =>
      type === "vport_ops" ? "vports" : type,
    ),
  ]);

const summaryOf = ({ device, active, definition }: ScannedDevice): NodeDeviceSummary => ({
  name: device.name,
  ...(device.parent === undefined ? {} : { parent: device.parent }),
  capabilities: capabilitiesOf(device),
  active,
  // the host itself has no parent, and is always there
  persistent: definition !== undefined || (active && device.parent === undefined),
  autostart: definition?.autostart ?? (active && device.parent === undefined),
});

function isPort({ device }: ScannedDevice, wwnn: string, wwpn: string): boolean {
  const [host] = device.capabilities ?? [];
  return (
    host?.type === "scsi_host" &&
    host.capabilities?.some(
      (one) => one.type === "fc_host" && one.wwnn === wwnn && one.wwpn === wwpn,
    ) === true
  );
}

/** @throws VireoError `noNodeDevice` */
async function find(tree: DeviceTree, ref: NodeDeviceRef): Promise<ScannedDevice> {
  const all = await scanDevices(tree);
  const found = all.find((one) =>
    "name" in ref ? one.device.name === ref.name : isPort(one, ref.wwnn, ref.wwpn),
  );
  if (found !== undefined) return found;
  throw virError(
    "noNodeDevice",
    "name" in ref
      ? `no node device with matching name '${ref.name}'`
      : `no node device with matching wwnn '${ref.wwnn}' and wwpn '${ref.wwpn}'`,
  );
}

async function read(xml: string, validate: boolean | undefined): Promise<NodeDevice> {
  // the name of a device that is to be made is not its maker's to choose
  const device = parseNodeDevice(
    /<name\b/.test(xml) ? xml : xml.replace(/<device\b[^>]*>/, "$&<name>new device</name>"),
  );
  const objection = validate === true ? await schemaObjection(xml, "nodedev") : undefined;
  if (objection !== undefined) throw virError("xmlInvalidSchema", objection);
  return device;
}

/** `scsi_host3` is `host3` in sysfs. */
const hostName = (device: string | undefined): string => (device ?? "").replace(/^scsi_/, "");

async function create(tree: DeviceTree, device: NodeDevice): Promise<{ name: string }> {
  if (device.capabilities?.[0]?.type === "mdev") {
    const wanted = mdevOf(device);
    await makeMdev(tree, wanted);
    return { name: mdevName(wanted.uuid, wanted.parent) };
  }
  const names = portOf(device);
  await changePort(tree, { host: hostName(device.parent), verb: "vport_create" }, names);
  const made = await find(tree, names);
  return { name: made.device.name };
}

async function destroy(tree: DeviceTree, found: ScannedDevice): Promise<void> {
  const { device, real, active } = found;
  const [capability] = device.capabilities ?? [];
  if (capability?.type === "mdev") {
    if (!active || real === undefined) throw invalid("Device is not active");
    await tree.write(join(real, "remove"), "1");
    return;
  }
  if (capability?.type !== "scsi_host")
    throw virError("configUnsupported", "Unsupported device type");
  await changePort(tree, { host: hostName(device.parent), verb: "vport_delete" }, portOf(device));
}

const invalid = (detail: string): VireoError => virError("operationInvalid", detail);

async function define(tree: DeviceTree, device: NodeDevice): Promise<{ name: string }> {
  const wanted = mdevOf(device);
  const name = mdevName(wanted.uuid, wanted.parent);
  const known = (await scanDevices(tree)).find((one) => one.device.name === name)?.definition;
  await saveMdev(tree, { ...wanted, autostart: known?.autostart === true });
  return { name };
}

export const nodeDeviceRole = (tree: DeviceTree): Role<"nodeDevice"> => ({
  list: async () => (await scanDevices(tree)).map(summaryOf),
  lookup: async ({ device }) => summaryOf(await find(tree, device)),
  xml: async ({ device }) => formatNodeDevice((await find(tree, device)).device),
  objections: async ({ device }) => objectionsTo(tree, await find(tree, device)),
  detach: async ({ device, driver }) => detachDevice(tree, await find(tree, device), driver),
  reattach: async ({ device }) => reattachDevice(tree, await find(tree, device)),
  reset: async ({ device }) => resetDevice(tree, await find(tree, device)),
  create: async ({ xml, validate }) => create(tree, await read(xml, validate)),
  destroy: async ({ device }) => destroy(tree, await find(tree, device)),
  define: async ({ xml, validate }) => define(tree, await read(xml, validate)),
  start: async ({ device }) => {
    const found = await find(tree, device);
    if (found.active) throw invalid("Device is already active");
    await makeMdev(tree, definitionOf(found));
  },
  undefine: async ({ device }) => {
    const found = await find(tree, device);
    await forgetMdev(tree, definitionOf(found));
  },
  setAutostart: async ({ device, autostart }) => {
    const found = await find(tree, device);
    if (found.device.capabilities?.[0]?.type !== "mdev")
      throw virError("operationUnsupported", "Unsupported device type");
    await saveMdev(tree, { ...definitionOf(found), autostart });
  },
});
