/** `<audio>`: where the sound of the guest goes. */
import type { Audio } from "@vireo/model/domain/device/audio";
import { given, type JsonObject, type JsonValue } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import type { DeviceScope } from "./scope.ts";
import { audiodevStep } from "./step.ts";

type Stream = NonNullable<Audio["input"]>;

/** Names of back ends that QEMU spells differently. */
const DRIVER: Readonly<Record<string, string>> = { pulseaudio: "pa", file: "wav" };
/** Members whose name is not the dashed form of the model's. */
const MEMBER: Readonly<Record<string, string>> = { tryMMap: "try-mmap", serverName: "server" };
/** Members of `<audio>` written by hand, or meant for SDL's own environment. */
const OWN = new Set(["id", "type", "driver", "input", "output"]);

const dashed = (key: string): string => key.replace(/[A-Z]/g, (upper) => `-${upper.toLowerCase()}`);

/** Each back end has a few members of its own; all follow one rule of spelling. */
function members(entries: readonly (readonly [string, JsonValue | undefined])[]): JsonObject {
  return Object.fromEntries(entries.map(([key, value]) => [dashed(key), value]));
}

function streamProps(stream: Stream | undefined): JsonObject | undefined {
  if (stream === undefined) return undefined;
  const { settings, ...own } = stream;
  const properties = given({ ...members(Object.entries(own)), ...settings });
  return Object.keys(properties).length > 0 ? properties : undefined;
}

const backendProps = (audio: Audio): JsonObject =>
  Object.fromEntries(
    Object.entries(audio).flatMap(([key, value]) =>
      OWN.has(key) || typeof value === "object" ? [] : [[MEMBER[key] ?? dashed(key), value]],
    ),
  );

export function audioSteps(audio: Audio, { origin }: DeviceScope): PlugStep[] {
  const properties = given({
    id: `audio${audio.id}`,
    driver: DRIVER[audio.type] ?? audio.type,
    ...backendProps(audio),
    in: streamProps(audio.input),
    out: streamProps(audio.output),
  });
  return [audiodevStep(properties, origin)];
}
