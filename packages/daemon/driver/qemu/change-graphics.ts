/** Gives a display of a running domain another password. */
import { isDeepStrictEqual } from "node:util";
import { virError } from "@vireo/model/error";
import { replaceDevice } from "@vireo/model/domain/device/change-devices";
import type { Graphics, GraphicsListen } from "@vireo/model/domain/device/graphics";
import type { DeviceWork } from "./device-work.ts";
import type { LiveDomain } from "./domain-view.ts";
import { setPassword, type Guarded } from "./graphics-password.ts";

const isGuarded = (graphics: Graphics): graphics is Guarded =>
  graphics.type === "vnc" || graphics.type === "spice";

/** Where a display listens, with what older clients write in attributes. */
const listensOf = ({ listens, listen }: Guarded): readonly GraphicsListen[] =>
  listens ?? [{ type: "address", ...(listen !== undefined && { address: listen }) }];

/** Of a network only its name counts: its address is found at the start. */
const placeOf = (listen: GraphicsListen | undefined): unknown =>
  listen?.type === "network" ? { network: listen.network } : listen;

/** @throws VireoError `operationUnsupported` in libvirt's words */
function mustListenThere(old: Guarded, wanted: Guarded): void {
  const refuse = (what: string) =>
    virError("operationUnsupported", `cannot change ${what} on '${old.type}' graphics`);
  const [before, after] = [listensOf(old), listensOf(wanted)];
  if (before.length !== after.length) throw refuse("the number of listen addresses");
  for (const [index, listen] of after.entries()) {
    if (listen.type !== before[index]?.type) throw refuse("the type of listen address");
    if (!isDeepStrictEqual(placeOf(listen), placeOf(before[index])))
      throw refuse("listen address setting");
  }
}

/** @throws VireoError `operationUnsupported` in libvirt's words */
function mustBeChangeable(old: Guarded, wanted: Guarded): void {
  const refuse = (what: string) =>
    virError("operationUnsupported", `cannot change ${what} on ${old.type} graphics`);
  mustListenThere(old, wanted);
  const fixed = wanted.autoport !== true && wanted.port !== undefined && wanted.port !== -1;
  if (fixed && wanted.port !== old.port) throw refuse("port settings");
  if (wanted.keymap !== undefined && wanted.keymap !== old.keymap) throw refuse("keymap setting");
}

export async function updateGraphics(
  work: DeviceWork,
  { config }: LiveDomain,
  { wanted, index }: { wanted: Graphics; index: number },
): Promise<void> {
  const old = config.devices.graphics?.[index];
  if (old === undefined || !isGuarded(old) || !isGuarded(wanted) || old.type !== wanted.type)
    throw virError(
      "configUnsupported",
      `unable to change config on '${wanted.type}' graphics type`,
    );
  mustBeChangeable(old, wanted);
  await setPassword(wanted, work.ask);
  const { passwd, passwdValidTo, connected } = wanted;
  const { passwd: _passwd, passwdValidTo: _until, connected: _action, ...rest } = old;
  const device = {
    ...rest,
    ...(passwd !== undefined && { passwd }),
    ...(passwdValidTo !== undefined && { passwdValidTo }),
    ...(connected !== undefined && { connected }),
  } as Graphics; // of the same type
  work.keep(replaceDevice(config, { kind: "graphics", device }, index));
}
