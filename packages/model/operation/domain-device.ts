/** What one may do with a domain's devices. */
import { affect, domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { doc, nothing, optional, text, truth } from "./value.ts";

const domain = domainRef;
const modify = {
  lane: "modify",
  access: ["domain:write", { permission: "domain:save", if: "config" }],
} as const;
const xml = doc(text, "The device as XML.");

export const domainDeviceOperations = {
  attachDevice: operation("domain.attachDevice", {
    ...modify,
    doc: "Add a device to the running domain, to its definition, or to both.",
    input: { domain, xml, ...affect },
    output: nothing,
  }),
  detachDevice: operation("domain.detachDevice", {
    ...modify,
    doc: "Take a device away. A guest that runs has five seconds to let go of it; it may take longer.",
    input: { domain, xml, ...affect },
    output: nothing,
  }),
  detachDeviceAlias: operation("domain.detachDeviceAlias", {
    ...modify,
    doc: "Take the device with this alias away; the answer does not wait for the guest.",
    input: { domain, alias: doc(text, "Alias of the device."), ...affect },
    output: nothing,
  }),
  updateDevice: operation("domain.updateDevice", {
    ...modify,
    doc: "Change a device: the medium of a drive, the state of a link, a definition.",
    input: { domain, xml, force: doc(optional(truth), "Open a locked tray."), ...affect },
    output: nothing,
  }),
} as const;
