/**
 * One description of what QEMU must be given, and two ways to hand it over:
 * as options of a new process, or over QMP to a running one. Reversed, it is the unplug and the rollback.
 */
import {
  type ChardevBackend,
  type ChardevLog,
  chardevBackendArgument,
  chardevOption,
} from "./device/chardev-backend.ts";
import { type CommandArg, flagArg, jsonArg, optionString, rawArg } from "./command/argument.ts";
import type { JsonObject, JsonValue } from "./json.ts";

interface Step {
  /** Path in the model: `/domain/devices/disk[1]`. */
  readonly origin: string;
}

export type PlugStep =
  | (Step & {
      readonly kind: "object" | "blockdev" | "netdev" | "device" | "audiodev";
      readonly properties: JsonObject;
    })
  | (Step & {
      readonly kind: "chardev";
      readonly id: string;
      readonly backend: ChardevBackend;
      readonly log?: ChardevLog;
    })
  /** A descriptor the process inherits, or is sent, found inside as `/dev/fdset/SET`. */
  | (Step & {
      readonly kind: "fdset";
      readonly set: number;
      readonly fd: number | string;
      readonly opaque: string;
    })
  /** What QEMU takes only when it starts. */
  | (Step & { readonly kind: "option"; readonly option: string; readonly value?: string });

export interface QmpCommand {
  readonly execute: string;
  readonly arguments: JsonObject;
  /** Name of the descriptor that must go with it. */
  readonly fd?: string;
}

/** The option that gives the step to a new process. QEMU 7 takes JSON for all but chardevs. */
export function argOf(step: PlugStep): CommandArg {
  switch (step.kind) {
    case "object":
    case "blockdev":
    case "netdev":
    case "device":
    case "audiodev":
      return jsonArg(`-${step.kind}`, step.properties, step.origin);
    case "chardev":
      return rawArg("-chardev", chardevOption(step.id, step.backend, step.log), step.origin);
    case "fdset":
      return rawArg(
        "-add-fd",
        optionString(undefined, [
          ["set", step.set],
          ["fd", step.fd],
          ["opaque", step.opaque],
        ]),
        step.origin,
      );
    case "option":
      return step.value === undefined
        ? flagArg(step.option, step.origin)
        : rawArg(step.option, step.value, step.origin);
  }
}

export const argv = (steps: readonly PlugStep[]): CommandArg[] => steps.map(argOf);

/** The command that gives the step to a running QEMU; undefined when that cannot be done. */
export function plug(step: PlugStep): QmpCommand | undefined {
  switch (step.kind) {
    case "object":
      return { execute: "object-add", arguments: step.properties };
    case "blockdev":
      return { execute: "blockdev-add", arguments: step.properties };
    case "netdev":
      return { execute: "netdev_add", arguments: step.properties };
    case "device":
      return { execute: "device_add", arguments: step.properties };
    case "chardev":
      return {
        execute: "chardev-add",
        arguments: { id: step.id, backend: chardevBackendArgument(step.backend, step.log) },
      };
    case "fdset":
      return {
        execute: "add-fd",
        arguments: { "fdset-id": step.set, opaque: step.opaque },
        fd: String(step.fd),
      };
    case "audiodev":
    case "option":
      return undefined;
  }
}

const member = (properties: JsonObject, name: string): JsonValue => properties[name] ?? null;

/** What takes the step back; run in reverse order, for unplug and for rollback. */
export function unplug(step: PlugStep): QmpCommand | undefined {
  switch (step.kind) {
    case "object":
      return { execute: "object-del", arguments: { id: member(step.properties, "id") } };
    case "blockdev":
      return {
        execute: "blockdev-del",
        arguments: { "node-name": member(step.properties, "node-name") },
      };
    case "netdev":
      return { execute: "netdev_del", arguments: { id: member(step.properties, "id") } };
    case "device":
      return { execute: "device_del", arguments: { id: member(step.properties, "id") } };
    case "chardev":
      return { execute: "chardev-remove", arguments: { id: step.id } };
    case "fdset":
      return { execute: "remove-fd", arguments: { "fdset-id": step.set } };
    case "audiodev":
    case "option":
      return undefined;
  }
}
