/** The vCPUs as the guest's agent tells them, and what to ask of it to change them. Pure. */
import { virError } from "@vireo/model/error";
import type { JsonObject } from "@vireo/qemu/json";
import { ranges } from "@vireo/qemu/command/cpu-set-text";
import { parseCpuList } from "../../host/cpu-list.ts";
import { listIn, malformed, numberIn } from "./agent-answer.ts";

export interface GuestVcpu {
  readonly id: number;
  readonly online: boolean;
  readonly offlinable: boolean;
}

/** More than any guest has. */
const VCPU_LIMIT = 16_384;

/**
 * Reads the answer to `guest-get-vcpus`.
 * @throws VireoError `internalError`
 */
export function vcpusIn(answer: unknown): readonly GuestVcpu[] {
  const all = listIn(answer);
  if (all === undefined) throw malformed("guest-get-vcpus");
  return all.map((told) => {
    const id = numberIn(told, "logical-id");
    const online = told["online"];
    if (id === undefined || typeof online !== "boolean" || !Number.isInteger(id) || id < 0)
      throw malformed("guest-get-vcpus");
    if (id >= VCPU_LIMIT)
      throw virError("internalError", `vcpu id '${id}' reported by guest agent is out of range`);
    return { id, online, offlinable: told["can-offline"] === true };
  });
}

const idsOf = (vcpus: readonly GuestVcpu[]): string => ranges(vcpus.map(({ id }) => id)).join(",");

export const vcpuSets = (
  all: readonly GuestVcpu[],
): { readonly vcpus: string; readonly online: string; readonly offlinable: string } => ({
  vcpus: idsOf(all),
  online: idsOf(all.filter(({ online }) => online)),
  offlinable: idsOf(all.filter(({ offlinable }) => offlinable)),
});

const change = (vcpus: readonly GuestVcpu[], online: boolean): readonly JsonObject[] =>
  vcpus.map(({ id }) => ({ "logical-id": id, online }));

/** The numbers of a client's list such as `1,3-4`. @throws VireoError `invalidArg` */
export function vcpuNumbers(text: string): readonly number[] {
  if (!/^\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/.test(text))
    throw virError("invalidArg", `Failed to parse bitmap '${text}'`);
  return parseCpuList(text);
}

/**
 * What to tell `guest-set-vcpus` so that these are on or off.
 * @throws VireoError `invalidArg`, `operationUnsupported`
 */
export function switched(
  all: readonly GuestVcpu[],
  { ids, online }: { readonly ids: readonly number[]; readonly online: boolean },
): readonly JsonObject[] {
  const missing = ids.filter((id) => !all.some((one) => one.id === id));
  if (missing.length > 0)
    throw virError("invalidArg", `guest is missing vCPUs '${ranges(missing).join(",")}'`);
  const wanted = all.filter(({ id }) => ids.includes(id));
  const fixed = online ? undefined : wanted.find(({ offlinable }) => !offlinable);
  if (fixed !== undefined)
    throw virError("operationUnsupported", `vCPU '${fixed.id}' is not offlinable`);
  return change(wanted, online);
}

/**
 * What to tell `guest-set-vcpus` so that `count` are on: the first ones, and those that cannot go.
 * @throws VireoError `invalidArg`, `internalError`
 */
export function counted(all: readonly GuestVcpu[], count: number): readonly JsonObject[] {
  if (count > all.length)
    throw virError("invalidArg", "guest agent reports less cpu than requested");
  const on = all.filter(({ online }) => online);
  if (count >= on.length)
    return change(all.filter(({ online }) => !online).slice(0, count - on.length), true);
  const leaving = on.filter(({ offlinable }) => offlinable).slice(count - on.length);
  if (leaving.length < on.length - count)
    throw virError("internalError", "Cannot offline enough CPUs");
  return change(leaving, false);
}
