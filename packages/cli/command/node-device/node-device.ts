import { attempt, CommandError, document, done, type HandlersOf } from "../../answer.ts";
import type { nodeDeviceCommands } from "../../catalog/node-device.ts";
import { defineFrom } from "../../define-object.ts";
import { formatFields } from "../../fields.ts";
import { bits, exclusive } from "../../flags.ts";
import { findNodeDevice } from "../../lookup.ts";
import { byName } from "../../order.ts";
import { formatTree } from "../../tree.ts";
import { selected } from "../../xpath-output.ts";

/** Capabilities in the order of their bits in virConnectListAllNodeDeviceFlags. */
const capabilities = [
  "system",
  "pci",
  "usb_device",
  "usb",
  "net",
  "scsi_host",
  "scsi_target",
  "scsi",
  "storage",
  "fc_host",
  "vports",
  "scsi_generic",
  "drm",
  "mdev_types",
  "mdev",
  "ccw",
  "css",
  "vdpa",
  "ap_card",
  "ap_queue",
  "ap_matrix",
  "vpd",
];

function capabilityFlags(words: string | undefined): number {
  return (words === undefined ? [] : words.split(",")).reduce((flags, word) => {
    const bit = capabilities.indexOf(word);
    if (bit === -1) throw new CommandError("Invalid capability type");
    return flags | (1 << bit);
  }, 0);
}

const yesNo = (value: number): string => (value === 0 ? "no" : "yes");

export const handlers: HandlersOf<typeof nodeDeviceCommands> = {
  async "nodedev-list"({ tree, cap, inactive, all }, context) {
    exclusive({ all, inactive }, "all", "inactive");
    if (tree && (cap !== undefined || inactive))
      throw new CommandError("Option --tree is incompatible with --cap and --inactive");
    const state = bits([inactive || all, 1 << 30], [!inactive || all, 1 << 31]);
    const flags = (capabilityFlags(cap) | state) >>> 0;
    const connection = await context.connection();
    const { devices } = await attempt(
      "Failed to list node devices",
      connection.call("connectListAllNodeDevices", { need_results: 1, flags }),
    );
    const names = devices.toSorted(byName).map(({ name }) => name);
    if (!tree) return { data: names, text: names.map((name) => `${name}\n`).join("") };
    const parents = new Map<string, string | undefined>();
    for (const name of names) {
      const { parentName } = await connection.call("nodeDeviceGetParent", { name });
      parents.set(name, parentName !== null && names.includes(parentName) ? parentName : undefined);
    }
    return { data: Object.fromEntries(parents), text: `${formatTree(parents)}    \n` };
  },

  async "nodedev-dumpxml"({ device, ...choice }, context) {
    const connection = await context.connection();
    const { name } = await findNodeDevice(connection, device);
    const { xml } = await connection.call("nodeDeviceGetXmlDesc", { name, flags: 0 });
    return document(selected(xml, choice));
  },

  async "nodedev-info"({ device }, context) {
    const connection = await context.connection();
    const { name } = await findNodeDevice(connection, device);
    const { parentName } = await connection.call("nodeDeviceGetParent", { name });
    const { active } = await connection.call("nodeDeviceIsActive", { name });
    const { persistent } = await connection.call("nodeDeviceIsPersistent", { name });
    const autostart = await connection
      .call("nodeDeviceGetAutostart", { name })
      .then((found) => yesNo(found.autostart))
      .catch(() => "no autostart");
    const fields = [
      ["Name", name],
      ["Parent", parentName ?? ""],
      ["Active", yesNo(active)],
      ["Persistent", yesNo(persistent)],
      ["Autostart", autostart],
    ] as const;
    return { data: Object.fromEntries(fields), text: formatFields(fields, 16) };
  },

  async "nodedev-detach"({ device, driver }, context) {
    const connection = await context.connection();
    const { name } = await findNodeDevice(connection, device);
    const call =
      driver === undefined
        ? connection.call("nodeDeviceDettach", { name })
        : connection.call("nodeDeviceDetachFlags", { name, driverName: driver, flags: 0 });
    await attempt(`Failed to detach device ${device}`, call);
    return done(`Device ${device} detached`, { name });
  },

  async "nodedev-reattach"({ device }, context) {
    const connection = await context.connection();
    const { name } = await findNodeDevice(connection, device);
    await attempt(
      `Failed to re-attach device ${device}`,
      connection.call("nodeDeviceReAttach", { name }),
    );
    return done(`Device ${device} re-attached`, { name });
  },

  async "nodedev-reset"({ device }, context) {
    const connection = await context.connection();
    const { name } = await findNodeDevice(connection, device);
    await attempt(`Failed to reset device ${device}`, connection.call("nodeDeviceReset", { name }));
    return done(`Device ${device} reset`, { name });
  },

  async "nodedev-create"({ file, validate }, context) {
    const connection = await context.connection();
    const { dev } = await defineFrom(
      file,
      "Failed to create node device",
      async (xml) =>
        await connection.call("nodeDeviceCreateXml", {
          xml_desc: xml,
          flags: bits([validate, 1]),
        }),
    );
    return done(`Node device ${dev.name} created from ${file}`, dev);
  },

  async "nodedev-define"({ file, validate }, context) {
    const connection = await context.connection();
    const { dev } = await defineFrom(
      file,
      "Failed to define node device",
      async (xml) =>
        await connection.call("nodeDeviceDefineXml", {
          xml_desc: xml,
          flags: bits([validate, 1]),
        }),
    );
    return done(`Node device '${dev.name}' defined from '${file}'`, dev);
  },

  async "nodedev-destroy"({ device }, context) {
    const connection = await context.connection();
    const { name } = await findNodeDevice(connection, device);
    await attempt(
      `Failed to destroy node device '${device}'`,
      connection.call("nodeDeviceDestroy", { name }),
    );
    return done(`Destroyed node device '${device}'`, { name });
  },

  async "nodedev-undefine"({ device }, context) {
    const connection = await context.connection();
    const { name } = await findNodeDevice(connection, device);
    await attempt(
      `Failed to undefine node device '${device}'`,
      connection.call("nodeDeviceUndefine", { name, flags: 0 }),
    );
    return done(`Undefined node device '${device}'`, { name });
  },

  async "nodedev-start"({ device }, context) {
    const connection = await context.connection();
    const { name } = await findNodeDevice(connection, device);
    await attempt(
      `Failed to start device ${device}`,
      connection.call("nodeDeviceCreate", { name, flags: 0 }),
    );
    return done(`Device ${device} started`, { name });
  },

  async "nodedev-autostart"({ device, disable }, context) {
    const connection = await context.connection();
    const { name } = await findNodeDevice(connection, device);
    const verb = disable ? "unmark" : "mark";
    await attempt(
      `failed to ${verb} device ${device} as autostarted`,
      connection.call("nodeDeviceSetAutostart", { name, autostart: disable ? 0 : 1 }),
    );
    return done(`Device ${device} ${verb}ed as autostarted`, { name, autostart: !disable });
  },
};
