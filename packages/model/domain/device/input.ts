/** `<input>`: keyboard, mouse, tablet. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, choice, discriminant } from "../../schema/member.ts";
import { oneOf, onOff, string } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";
import { virtioDriver, virtioModel } from "./virtio-driver.ts";

export const INPUT_BUSES = ["ps2", "usb", "xen", "parallels", "virtio", "none"] as const;

const EvdevSource = element("source", "An event device of the host.", {
  dev: attr(string, { doc: "Path." }),
  grab: attr(oneOf("all"), { doc: "`all`: grab every event device together with this one." }),
  grabToggle: attr(
    oneOf("ctrl-ctrl", "alt-alt", "shift-shift", "meta-meta", "scrolllock", "ctrl-scrolllock"),
    { doc: "Keys that give the device back." },
  ),
  repeat: attr(onOff, { doc: "Repeat keys." }),
});
const PassthroughSource = element("source", "An event device of the host.", {
  evdev: attr(string, { doc: "Path." }),
});
const doc = "Device of the host.";

export const Input = element("input", "Keyboard, mouse, tablet.", {
  type: discriminant(["mouse", "tablet", "keyboard", "passthrough", "evdev"], {
    doc: "Kind of device.",
    invalid: "unknown input device type '%s'",
    fault: "configUnsupported",
    missing: "missing input device type",
    missingFault: "internalError",
  }),
  bus: attr(oneOf(...INPUT_BUSES), {
    doc: "Bus.",
    omit: "none",
    invalid: "unknown input bus type '%s'",
    fault: "configUnsupported",
  }),
  model: virtioModel,
  driver: virtioDriver,
  source: choice({
    passthrough: child(PassthroughSource, { doc }),
    evdev: child(EvdevSource, { doc }),
  }),
  ...info,
});
export type Input = Infer<typeof Input>;
