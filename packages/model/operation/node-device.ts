/** What one may do with a device of the host. */
import { operation } from "./operation.ts";
import {
  doc,
  either,
  list,
  nothing,
  optional,
  record,
  text,
  truth,
  type ValueType,
} from "./value.ts";

const device = doc(
  either(
    record({ name: doc(text, "Name of the device.") }),
    record({
      wwnn: doc(text, "World-wide node name of a SCSI host."),
      wwpn: doc(text, "Its world-wide port name."),
    }),
  ),
  "Which device of the host.",
);
export type NodeDeviceRef = ValueType<typeof device>;

const summary = record({
  name: text,
  parent: doc(optional(text), "The device it belongs to; none of the host itself."),
  capabilities: doc(list(text), "What it is and can do, in libvirt's words."),
  active: truth,
  persistent: doc(truth, "The host itself, or a mediated device that has a definition."),
  autostart: truth,
});
export type NodeDeviceSummary = ValueType<typeof summary>;

const name = record({ name: text });
const xml = doc(text, "The device as XML.");
const validate = doc(optional(truth), "Refuse what the schema does not know.");
const modify = { lane: "modify" } as const;

export const nodeDeviceOperations = {
  list: operation("nodeDevice.list", {
    access: ["connect:search_node_devices"],
    lane: "read",
    doc: "All devices of the host, as they are at this moment.",
    input: {},
    output: list(summary),
  }),
  lookup: operation("nodeDevice.lookup", {
    access: ["node_device:getattr"],
    lane: "read",
    doc: "Find a device of the host by name, or a SCSI host by its world-wide names.",
    input: { device },
    output: summary,
  }),
  xml: operation("nodeDevice.xml", {
    access: ["node_device:read"],
    lane: "read",
    doc: "A device of the host as XML.",
    input: { device },
    output: text,
  }),
  objections: operation("nodeDevice.objections", {
    access: ["node_device:read"],
    lane: "read",
    doc: "What speaks against giving a PCI device to a guest; nothing when it can be had.",
    input: { device },
    output: list(text),
  }),
  detach: operation("nodeDevice.detach", {
    ...modify,
    access: ["node_device:detach"],
    doc: "Take a PCI device from its driver, so that a guest can have it.",
    input: { device, driver: doc(optional(text), "Only vfio.") },
    output: nothing,
  }),
  reattach: operation("nodeDevice.reattach", {
    ...modify,
    access: ["node_device:detach"],
    doc: "Give a PCI device back to the host's driver.",
    input: { device },
    output: nothing,
  }),
  reset: operation("nodeDevice.reset", {
    ...modify,
    access: ["node_device:detach"],
    doc: "Reset a PCI device.",
    input: { device },
    output: nothing,
  }),
  create: operation("nodeDevice.create", {
    ...modify,
    access: ["node_device:write", "node_device:start"],
    doc: "Make a mediated device, or a virtual port of a fibre channel host, until it is destroyed.",
    input: { xml, validate },
    output: name,
  }),
  destroy: operation("nodeDevice.destroy", {
    ...modify,
    access: ["node_device:stop"],
    doc: "Remove a mediated device or a virtual port; a definition stays.",
    input: { device },
    output: nothing,
  }),
  define: operation("nodeDevice.define", {
    ...modify,
    access: ["node_device:write"],
    doc: "Define a mediated device for good.",
    input: { xml, validate },
    output: name,
  }),
  start: operation("nodeDevice.start", {
    ...modify,
    access: ["node_device:start"],
    doc: "Make a mediated device that is defined.",
    input: { device },
    output: nothing,
  }),
  undefine: operation("nodeDevice.undefine", {
    ...modify,
    access: ["node_device:delete"],
    doc: "Forget the definition of a mediated device.",
    input: { device },
    output: nothing,
  }),
  setAutostart: operation("nodeDevice.setAutostart", {
    ...modify,
    access: ["node_device:write"],
    doc: "Say whether a mediated device is made when the host starts.",
    input: { device, autostart: truth },
    output: nothing,
  }),
} as const;
