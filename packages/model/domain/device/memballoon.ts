/** `<memballoon>`: takes memory back from the guest. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, requiredAttr } from "../../schema/member.ts";
import { int, oneOf, onOff } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";
import { virtioDriver } from "./virtio-driver.ts";

export const Memballoon = element("memballoon", "Takes memory back from the guest.", {
  model: requiredAttr(
    oneOf("virtio", "xen", "none", "virtio-transitional", "virtio-non-transitional"),
    {
      doc: "Kind of device; `none`: none.",
    },
  ),
  autodeflate: attr(onOff, { doc: "Give memory back before the guest kills a process." }),
  freePageReporting: attr(onOff, { doc: "The guest says which pages are free." }),
  stats: child(
    element("stats", "Statistics from the guest.", {
      period: attr(int, { doc: "Seconds between reports.", omit: 0 }),
    }),
    { doc: "Statistics from the guest." },
  ),
  ...info,
  driver: virtioDriver,
});
export type Memballoon = Infer<typeof Memballoon>;
