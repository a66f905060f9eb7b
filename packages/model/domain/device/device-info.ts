/** What devices have in common: boot order, alias, ACPI index, address. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, requiredAttr } from "../../schema/member.ts";
import { onOff, positive, string, uint, yesNo } from "../../schema/scalar.ts";
import type { ShowRule } from "../../schema/view.ts";
import { Address } from "./address.ts";

const Alias = element("alias", "Name of the device in QEMU.", {
  name: requiredAttr(string, { doc: "Assigned at start, unless it begins with `ua-`." }),
});
export type Alias = Infer<typeof Alias>;

/** Names given by users live as long as the definition; ours only while the domain runs. */
const showAlias: ShowRule<Alias> = {
  decide: ({ name }, view) => view.live || /^ua-[A-Za-z0-9_-]*$/.test(name),
};
export const alias = child(Alias, { doc: "Name of the device in QEMU.", show: showAlias });

export const acpi = child(
  element("acpi", "What the guest's firmware says about the device.", {
    index: attr(uint, { doc: "Number the guest's system names the device by.", omit: 0 }),
  }),
  { doc: "What the guest's firmware says about the device." },
);
export const address = child(Address, {
  doc: "Place on the bus; assigned when the domain is defined.",
});

const Boot = element("boot", "Place in the boot order.", {
  order: requiredAttr(positive, { doc: "1 is tried first." }),
  loadparm: attr(string, { doc: "s390: parameter of the boot loader." }),
});
export const boot = child(Boot, { doc: "Place in the boot order." });

/** Of USB companion controllers. */
export const master = child(
  element("master", "First port of the main controller this one serves.", {
    startPort: requiredAttr(uint, { name: "startport", doc: "Port of the main controller." }),
  }),
  { doc: "Makes this a companion of another controller." },
);
export const rom = child(
  element("rom", "Option ROM of the PCI device.", {
    enabled: attr(yesNo, { doc: "Present at all." }),
    bar: attr(onOff, { doc: "Mapped into the guest." }),
    file: attr(string, { doc: "Image that replaces the device's own ROM." }),
  }),
  { doc: "Option ROM of the PCI device." },
);

/** Members at the end of nearly every device, in print order. */
export const info = { alias, acpi, address };
export const bootInfo = { boot, alias, acpi, address };
/** Of interfaces and host devices. */
export const romInfo = { boot, alias, rom, acpi, address };
