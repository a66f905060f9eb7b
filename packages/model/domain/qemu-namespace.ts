/** `qemu:` elements: what is handed to QEMU past all knowledge of ours. */
import { element, type Infer } from "../schema/element.ts";
import { attr, children, child, requiredAttr } from "../schema/member.ts";
import { oneOf, string } from "../schema/scalar.ts";

export const QEMU_NAMESPACE = {
  uri: "http://libvirt.org/schemas/domain/qemu/1.0",
  prefix: "qemu",
} as const;
const QEMU = { namespace: QEMU_NAMESPACE } as const;

export const QemuCommandLine = element(
  "commandline",
  "Arguments and variables added to QEMU's own.",
  {
    args: children(
      element(
        "arg",
        "One argument.",
        {
          value: requiredAttr(string, {
            doc: "Text.",
            missing: "No qemu command-line argument specified",
            missingFault: "internalError",
          }),
        },
        QEMU,
      ),
      { doc: "Arguments." },
    ),
    env: children(
      element(
        "env",
        "One variable.",
        {
          name: requiredAttr(string, {
            doc: "Name.",
            missing: "No qemu environment name specified",
            missingFault: "internalError",
          }),
          value: attr(string, { doc: "Value." }),
        },
        QEMU,
      ),
      { doc: "Variables." },
    ),
  },
  QEMU,
);
const capability = (tag: "add" | "del", doc: string) =>
  element(tag, doc, { capability: requiredAttr(string, { doc: "Name of the capability." }) }, QEMU);

export const QemuCapabilityOverride = element(
  "capabilities",
  "Corrects what was found out about QEMU.",
  {
    add: children(capability("add", "Pretend it is there."), { doc: "Pretend they are there." }),
    del: children(capability("del", "Pretend it is not."), { doc: "Pretend they are not." }),
  },
  QEMU,
);
const Property = element(
  "property",
  "One property of a device.",
  {
    name: requiredAttr(string, { doc: "Name." }),
    type: requiredAttr(oneOf("string", "unsigned", "signed", "bool", "remove"), {
      doc: "Type of the value.",
    }),
    value: attr(string, { doc: "Value." }),
  },
  QEMU,
);
const Device = element(
  "device",
  "Properties of one device.",
  {
    alias: requiredAttr(string, { doc: "Alias of the device." }),
    frontend: child(
      element(
        "frontend",
        "Properties of what the guest sees.",
        { properties: children(Property, { doc: "Properties." }) },
        QEMU,
      ),
      { doc: "Properties of what the guest sees." },
    ),
  },
  QEMU,
);
export const QemuOverride = element(
  "override",
  "Replaces properties of devices.",
  { devices: children(Device, { doc: "Devices." }) },
  QEMU,
);
export const QemuDeprecation = element(
  "deprecation",
  "What QEMU does when something deprecated is used.",
  { behavior: requiredAttr(oneOf("none", "omit", "reject", "crash"), { doc: "Behaviour." }) },
  QEMU,
);
export type QemuCommandLine = Infer<typeof QemuCommandLine>;
export type QemuCapabilityOverride = Infer<typeof QemuCapabilityOverride>;
export type QemuOverride = Infer<typeof QemuOverride>;
