/** Operations on devices of the host. */
import { join } from "node:path";
import { virError, type VireoError } from "@vireo/model/error";
import {
  formatNodeDevice,
  type NodeDevice,
  parseNodeDevice,
  parseParentWish,
} from "@vireo/model/node/node-device";
import type { NodeDeviceRef, NodeDeviceSummary } from "@vireo/model/operation/node-device";
import { schemaObjection } from "../../host/xml-schema.ts";
import type { Role } from "../contract.ts";
import { detachDevice, objectionsTo, reattachDevice, resetDevice } from "./assignment.ts";
import type { DeviceIndex } from "./device-index.ts";
import type { DeviceTree } from "./device-tree.ts";
import type { GuestDevices } from "./guest-devices.ts";
import { definitionOf, forgetMdev, makeMdev, mdevOf, saveMdev } from "./make-device.ts";
import { mdevName } from "./mdev.ts";
import type { ScannedDevice } from "./scan.ts";
import { arrivedPort, changePort, isPort, parentOfPort, portOf } from "./vport.ts";

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

/** A SCSI host by its names; read anew, as any device that is asked for. */
async function findPort(
  index: DeviceIndex,
  { wwnn, wwpn }: { wwnn: string; wwpn: string },
): Promise<ScannedDevice | undefined> {
  const port = (await index.all()).find((one) => isPort(one, { wwnn, wwpn }));
  return port === undefined ? undefined : index.find(port.device.name);
}

/** @throws VireoError `noNodeDevice` */
async function find(index: DeviceIndex, ref: NodeDeviceRef): Promise<ScannedDevice> {
  return must("name" in ref ? await index.find(ref.name) : await findPort(index, ref), ref);
}

/** @throws VireoError `noNodeDevice` */
async function lookup(index: DeviceIndex, ref: NodeDeviceRef): Promise<ScannedDevice> {
  return must("name" in ref ? await index.known(ref.name) : await findPort(index, ref), ref);
}

function must(found: ScannedDevice | undefined, ref: NodeDeviceRef): ScannedDevice {
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
  if (device.capabilities === undefined)
    throw virError("internalError", "no device capabilities for 'new device'");
  return device;
}

interface Devices {
  readonly tree: DeviceTree;
  readonly index: DeviceIndex;
}

interface Wish {
  readonly xml: string;
  readonly validate?: boolean | undefined;
}

async function create(
  { tree, index }: Devices,
  { xml, validate }: Wish,
): Promise<{ name: string }> {
  const device = await read(xml, validate);
  const wish = parseParentWish(xml);
  if (device.capabilities?.[0]?.type === "mdev") {
    const wanted = await mdevOf(index, device);
    await makeMdev(tree, wanted);
    await index.refresh();
    return { name: mdevName(wanted.uuid, wanted.parent) };
  }
  const names = portOf(device);
  const parent = await parentOfPort(index, { name: device.parent, wish });
  const host = parent.device.name;
  await changePort(tree, { host, verb: "vport_create" }, names);
  try {
    return { name: (await arrivedPort(index, names)).device.name };
  } catch (error) {
    await changePort(tree, { host, verb: "vport_delete" }, names).catch(() => undefined); // the first fault tells more
    throw error;
  }
}

async function destroy({ tree, index }: Devices, found: ScannedDevice): Promise<void> {
  const { device, real, active } = found;
  const [capability] = device.capabilities ?? [];
  if (capability?.type === "mdev") {
    if (!active || real === undefined) throw invalid("Device is not active");
    await tree.write(join(real, "remove"), "1");
  } else if (capability?.type === "scsi_host")
    await changePort(tree, { host: device.parent, verb: "vport_delete" }, portOf(device));
  else throw virError("configUnsupported", "Unsupported device type");
  await index.refresh();
}

const invalid = (detail: string): VireoError => virError("operationInvalid", detail);

async function define(
  { tree, index }: Devices,
  { xml, validate }: Wish,
): Promise<{ name: string }> {
  const device = await read(xml, validate);
  parseParentWish(xml);
  const wanted = await mdevOf(index, device);
  const name = mdevName(wanted.uuid, wanted.parent);
  const known = (await index.find(name))?.definition;
  await saveMdev(tree, { ...wanted, autostart: known?.autostart === true });
  await index.refresh();
  return { name };
}

async function setAutostart(
  { tree, index }: Devices,
  found: ScannedDevice,
  autostart: boolean,
): Promise<void> {
  if (found.device.capabilities?.[0]?.type !== "mdev")
    throw virError("operationUnsupported", "Unsupported device type");
  if (found.definition === undefined) throw invalid("cannot set autostart for transient device");
  await saveMdev(tree, { ...found.definition, autostart });
  await index.refresh();
}

/** Operations on devices that are made and defined. */
const changes = (devices: Devices) =>
  ({
    create: async (wish) => create(devices, wish),
    destroy: async ({ device }) => destroy(devices, await find(devices.index, device)),
    define: async (wish) => define(devices, wish),
    start: async ({ device }) => {
      const found = await find(devices.index, device);
      if (found.active) throw invalid("Device is already active");
      await makeMdev(devices.tree, definitionOf(found));
      await devices.index.refresh();
    },
    undefine: async ({ device }) => {
      const found = await find(devices.index, device);
      await forgetMdev(devices.tree, definitionOf(found));
      await devices.index.refresh();
    },
    setAutostart: async ({ device, autostart }) =>
      setAutostart(devices, await find(devices.index, device), autostart),
  }) satisfies Role<"nodeDevice">;

/** Between the host and guests. */
const moves = ({ tree, index }: Devices, guests: GuestDevices | undefined) =>
  ({
    objections: async ({ device }) => objectionsTo(tree, await find(index, device)),
    detach: async ({ device, driver }) => {
      await detachDevice(tree, { found: await find(index, device), guests }, driver);
      await index.refresh();
    },
    reattach: async ({ device }) => {
      await reattachDevice(tree, { found: await find(index, device), guests });
      await index.refresh();
    },
    reset: async ({ device }) => resetDevice(tree, { found: await find(index, device), guests }),
  }) satisfies Role<"nodeDevice">;

/** @param guests who of them has which device, where there are any */
export const nodeDeviceRole = (devices: Devices, guests?: GuestDevices): Role<"nodeDevice"> => ({
  list: async () => (await devices.index.all()).map(summaryOf),
  lookup: async ({ device }) => summaryOf(await lookup(devices.index, device)),
  xml: async ({ device }) => formatNodeDevice((await find(devices.index, device)).device),
  ...moves(devices, guests),
  ...changes(devices),
});
