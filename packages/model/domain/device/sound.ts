/** `<sound>`: a sound card. */
import { element, type Infer } from "../../schema/element.ts";
import { child, children, requiredAttr } from "../../schema/member.ts";
import { oneOf, uint } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";

export const SOUND_MODELS = [
  "sb16",
  "es1370",
  "pcspk",
  "ac97",
  "ich6",
  "ich9",
  "usb",
  "ich7",
] as const;

export const Sound = element("sound", "A sound card.", {
  model: requiredAttr(oneOf(...SOUND_MODELS), {
    doc: "Kind of card.",
  }),
  codecs: children(
    element("codec", "A codec of a HDA card.", {
      type: requiredAttr(oneOf("duplex", "micro", "output"), {
        invalid: "unknown codec type '%s'",
        fault: "configUnsupported",
        doc: "Kind.",
      }),
    }),
    { doc: "Codecs; one `duplex` when there are none." },
  ),
  audio: child(
    element("audio", "Back end.", { id: requiredAttr(uint, { doc: "Number of the `<audio>`." }) }),
    { doc: "Back end." },
  ),
  ...info,
});
export type Sound = Infer<typeof Sound>;
