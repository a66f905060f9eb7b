/** Makers of plug steps: what QEMU must be given, one way for start and hotplug. */
import type { FdNeed } from "../command/fd-needs.ts";
import { type JsonObject, given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import type { ChardevBackend, ChardevLog } from "./chardev-backend.ts";
import type { DeviceScope } from "./scope.ts";

export const objectStep = (properties: JsonObject, origin: string): PlugStep => ({
  kind: "object",
  properties: given(properties),
  origin,
});
export const blockdevStep = (properties: JsonObject, origin: string): PlugStep => ({
  kind: "blockdev",
  properties: given(properties),
  origin,
});
export const netdevStep = (properties: JsonObject, origin: string): PlugStep => ({
  kind: "netdev",
  properties: given(properties),
  origin,
});
export const deviceStep = (properties: JsonObject, origin: string): PlugStep => ({
  kind: "device",
  properties: given(properties),
  origin,
});
export const audiodevStep = (properties: JsonObject, origin: string): PlugStep => ({
  kind: "audiodev",
  properties: given(properties),
  origin,
});
export const chardevStep = (
  chardev: { readonly id: string; readonly backend: ChardevBackend; readonly log?: ChardevLog },
  origin: string,
): PlugStep => ({ kind: "chardev", ...chardev, origin });

/** A file the daemon opens and QEMU finds as `/dev/fdset/N`; with the step that makes the set. */
export function fdsetStep(
  need: FdNeed,
  opaque: string,
  { fds }: DeviceScope,
): [path: string, PlugStep] {
  const set = fds.newSet();
  const fd = fds.take(need);
  return [`/dev/fdset/${set}`, { kind: "fdset", set, fd, opaque, origin: need.origin }];
}

/** What QEMU takes only when it starts, and not as JSON. */
export const optionStep = (
  option: string,
  value: string | undefined,
  origin: string,
): PlugStep => ({ kind: "option", option, origin, ...(value === undefined ? {} : { value }) });
