/** `<rng>`: a source of randomness. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, content, discriminant, requiredAttr } from "../../schema/member.ts";
import { oneOf, string, uint } from "../../schema/scalar.ts";
import { CHARDEV_TYPES, chardev } from "./chardev-source.ts";
import { info } from "./device-info.ts";
import { VIRTIO_MODELS, virtioDriver } from "./virtio-driver.ts";

const Backend = element("backend", "Where randomness comes from.", {
  model: requiredAttr(oneOf("random", "egd", "builtin"), {
    doc: "A device of the host, an entropy daemon, or QEMU.",
    missing: "missing RNG device backend model",
    invalid: "unknown RNG backend model '%s'",
    fault: "configUnsupported",
  }),
  type: discriminant(["none", ...CHARDEV_TYPES], {
    doc: "egd: how the daemon is reached.",
    default: "none",
    omit: "none",
    invalid: "unknown backend type '%s' for egd",
    fault: "configUnsupported",
  }),
  path: content(string, { doc: "random: path of the device." }),
  ...chardev,
});
const Rate = element("rate", "Limit.", {
  bytes: attr(uint, { doc: "Bytes in a period.", invalid: "invalid RNG rate bytes value" }),
  period: attr(uint, {
    invalid: "invalid RNG rate period value",
    doc: "Milliseconds; 1000 when absent.",
    omit: 0,
  }),
});

export const Rng = element("rng", "A source of randomness.", {
  model: requiredAttr(oneOf(...VIRTIO_MODELS), {
    doc: "Revisions of virtio it offers.",
    missing: "missing RNG device model",
    invalid: "unknown RNG model '%s'",
    fault: "configUnsupported",
  }),
  rate: child(Rate, { doc: "Limit." }),
  backend: child(Backend, { doc: "Where randomness comes from." }),
  driver: virtioDriver,
  ...info,
});
export type Rng = Infer<typeof Rng>;
