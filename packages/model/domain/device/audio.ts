/** `<audio>`: where sound goes on the host. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, choice, discriminant, requiredAttr } from "../../schema/member.ts";
import type { Members } from "../../schema/declaration.ts";
import { oneOf, positive, string, uint, yesNo } from "../../schema/scalar.ts";

export const AUDIO_TYPES = [
  "none",
  "alsa",
  "coreaudio",
  "jack",
  "oss",
  "pulseaudio",
  "sdl",
  "spice",
  "file",
  "dbus",
] as const;

const settings = {
  settings: child(
    element("settings", "Format of the samples.", {
      frequency: attr(uint, { doc: "Samples per second.", omit: 0 }),
      channels: attr(uint, { doc: "Channels.", omit: 0 }),
      format: attr(oneOf("s8", "u8", "s16", "u16", "s32", "u32", "f32"), {
        doc: "Kind of sample.",
      }),
    }),
    { doc: "Format of the samples." },
  ),
};
const stream = {
  mixingEngine: attr(yesNo, { doc: "Let QEMU mix and convert." }),
  fixedSettings: attr(yesNo, { doc: "Use `<settings>` whatever the guest wants." }),
  voices: attr(uint, { doc: "Number of voices.", omit: 0 }),
  bufferLength: attr(uint, { doc: "Microseconds of buffer.", omit: 0 }),
};
const dev = attr(string, { doc: "Device of the host." });
const bufferCount = attr(uint, { doc: "Number of buffers.", omit: 0 });
const jack = {
  serverName: attr(string, { doc: "JACK server." }),
  clientName: attr(string, { doc: "Name of the client." }),
  connectPorts: attr(string, { doc: "Pattern of ports to connect to." }),
  exactName: attr(yesNo, { doc: "Insist on the name." }),
};
const pulse = {
  name: attr(string, { doc: "Sink or source." }),
  streamName: attr(string, { doc: "Name of the stream." }),
  latency: attr(uint, { doc: "Microseconds.", omit: 0 }),
};

/** One direction, with what the back end adds. */
const direction = <const M extends Members>(more: M) => ({
  input: child(element("input", "From the host.", { ...stream, ...more, ...settings }), {
    doc: "From the host.",
  }),
  output: child(element("output", "To the host.", { ...stream, ...more, ...settings }), {
    doc: "To the host.",
  }),
});
const plain = direction({});
const alsa = direction({ dev });
const counted = direction({ bufferCount });
const ports = direction(jack);
const oss = direction({ dev, bufferCount, tryPoll: attr(yesNo, { doc: "Wait by polling." }) });
const pulseaudio = direction(pulse);

export const Audio = element("audio", "Where sound goes on the host.", {
  id: requiredAttr(positive, { doc: "Number." }),
  type: discriminant(AUDIO_TYPES, { doc: "Back end." }),
  timerPeriod: attr(uint, { doc: "Microseconds between turns.", omit: 0 }),
  tryMMap: choice({ oss: attr(yesNo, { doc: "Map the device's memory." }) }),
  exclusive: choice({ oss: attr(yesNo, { doc: "Keep others off the device." }) }),
  dspPolicy: choice({ oss: attr(uint, { doc: "Timing policy." }) }),
  serverName: choice({ pulseaudio: attr(string, { doc: "PulseAudio server." }) }),
  driver: choice({
    sdl: attr(oneOf("esd", "alsa", "arts", "pulseaudio"), { doc: "SDL's own back end." }),
  }),
  path: choice({ file: attr(string, { doc: "Path of the WAV file." }) }),
  input: choice({
    none: plain.input,
    alsa: alsa.input,
    coreaudio: counted.input,
    jack: ports.input,
    oss: oss.input,
    pulseaudio: pulseaudio.input,
    sdl: counted.input,
    spice: plain.input,
    file: plain.input,
    dbus: plain.input,
  }),
  output: choice({
    none: plain.output,
    alsa: alsa.output,
    coreaudio: counted.output,
    jack: ports.output,
    oss: oss.output,
    pulseaudio: pulseaudio.output,
    sdl: counted.output,
    spice: plain.output,
    file: plain.output,
    dbus: plain.output,
  }),
});
export type Audio = Infer<typeof Audio>;
