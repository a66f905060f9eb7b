/** What every virtio device can be told about its transport. */
import { element } from "../../schema/element.ts";
import { attr, child } from "../../schema/member.ts";
import { oneOf, onOff } from "../../schema/scalar.ts";

export const virtioOptions = {
  iommu: attr(onOff, { doc: "Go through the guest's IOMMU." }),
  ats: attr(onOff, { doc: "Address translation services." }),
  packed: attr(onOff, { doc: "Packed virtqueues." }),
  pagePerVq: attr(onOff, {
    name: "page_per_vq",
    doc: "A page of notification registers for each queue.",
  }),
};
/** `<driver>` of devices that have nothing else there. */
export const virtioDriver = child(
  element("driver", "Options of the virtio transport.", virtioOptions),
  { doc: "Options of the virtio transport." },
);
export const VIRTIO_MODELS = ["virtio", "virtio-transitional", "virtio-non-transitional"] as const;
/** Which virtio revision the device speaks. */
export const virtioModel = attr(oneOf(...VIRTIO_MODELS), {
  name: "model",
  doc: "Revisions of virtio it offers.",
});
