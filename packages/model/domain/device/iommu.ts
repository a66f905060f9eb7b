/** `<iommu>`: an IOMMU the guest sees. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, requiredAttr } from "../../schema/member.ts";
import { oneOf, onOff, uint } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";

const Driver = element("driver", "What the IOMMU can do.", {
  intremap: attr(onOff, { doc: "Interrupt remapping." }),
  cachingMode: attr(onOff, {
    name: "caching_mode",
    doc: "Caching mode; needed for assigned devices.",
  }),
  eim: attr(onOff, { doc: "Extended interrupt mode." }),
  iotlb: attr(onOff, { doc: "Device IOTLB." }),
  awBits: attr(uint, { name: "aw_bits", doc: "Address width in bits.", omit: 0 }),
});
export const Iommu = element("iommu", "An IOMMU.", {
  model: requiredAttr(oneOf("intel", "smmuv3", "virtio"), { doc: "Kind." }),
  driver: child(Driver, { doc: "What it can do." }),
  ...info,
});
export type Iommu = Infer<typeof Iommu>;
