/** `<sound>`: a sound card, and the codecs of an HDA controller. */
import type { Sound } from "@vireo/model/domain/device/sound";
import { SPEAKER_SINCE } from "../command/machine.ts";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { audiodevOf } from "./audiodev-of.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep, optionStep } from "./step.ts";

const DRIVER: Readonly<Record<string, string>> = {
  es1370: "ES1370",
  ac97: "AC97",
  ich6: "intel-hda",
  ich9: "ich9-intel-hda",
  usb: "usb-audio",
  sb16: "sb16",
};
const CODEC: Readonly<Record<string, string>> = {
  duplex: "hda-duplex",
  micro: "hda-micro",
  output: "hda-output",
};

const isHda = (sound: Sound): boolean => sound.model === "ich6" || sound.model === "ich9";

function codecSteps(sound: Sound, scope: DeviceScope): PlugStep[] {
  const codecs = sound.codecs ?? [];
  const all = codecs.length > 0 ? codecs : [{ type: "duplex" as const }];
  return all.map((codec, index) =>
    deviceStep(
      given({
        driver: CODEC[codec.type] ?? "hda-duplex",
        id: `${aliasOf(sound)}-codec${index}`,
        bus: `${aliasOf(sound)}.0`,
        cad: index,
        audiodev: audiodevOf(sound.audio?.id, scope),
      }),
      scope.origin,
    ),
  );
}

/** The PC speaker is part of the board; newer QEMU is told about it in `-machine`. */
const speakerSteps = ({ caps, origin }: DeviceScope): PlugStep[] =>
  caps.version < SPEAKER_SINCE ? [optionStep("-soundhw", "pcspk", origin)] : [];

export function soundSteps(sound: Sound, scope: DeviceScope): PlugStep[] {
  if (sound.model === "pcspk") return speakerSteps(scope);
  const driver = DRIVER[sound.model];
  if (driver === undefined) return [];
  const card: JsonObject = given({
    driver,
    id: aliasOf(sound),
    audiodev: isHda(sound) ? undefined : audiodevOf(sound.audio?.id, scope),
    ...busProps(sound, scope),
  });
  return [deviceStep(card, scope.origin), ...(isHda(sound) ? codecSteps(sound, scope) : [])];
}
