/** The driver's operations on devices: in the definition, in the running domain, or in both. */
import { virError } from "@vireo/model/error";
import {
  addDevice,
  findAlias,
  findDevice,
  removeDevice,
  replaceDevice,
  type DevicePlace,
} from "@vireo/model/domain/device/change-devices";
import { parseDevice, type KindedDevice } from "@vireo/model/domain/device/parse-device";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput } from "@vireo/model/operation/operations";
import { within } from "../../host/clock.ts";
import type { Role } from "../contract.ts";
import type { Definitions } from "./definition.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { LiveDomain } from "./domain-view.ts";
import { DeviceWork, type Leaving } from "./device-work.ts";
import { updateLive } from "./update-device.ts";

/** How long a caller waits for a guest to let go of a device: libvirt's time. */
const LET_GO_MS = 5000;

type Affected = Pick<OperationInput<"domain", "attachDevice">, "live" | "config">;

/** Which of the two configurations to change; checks that they are there. */
function chosen(
  actor: DomainActor,
  { live, config }: Affected,
): { live?: LiveDomain; config: boolean } {
  if (live === true) actor.allow("changeLive");
  if (config === true) actor.allow("changeConfig");
  const running = actor.view.live;
  const wantsLive = live === true || (config !== true && running !== undefined);
  return {
    config: config === true || !wantsLive,
    ...(wantsLive && running !== undefined ? { live: running } : {}),
  };
}

const targetOf = ({ kind, device }: KindedDevice): string | undefined =>
  kind === "disks" ? device.target?.dev : undefined;

/** @throws VireoError `operationInvalid` when a disk of this name is there already */
function refuseKnownTarget(config: ResolvedDomain, added: KindedDevice): void {
  const target = targetOf(added);
  if (target === undefined) return;
  if (config.devices.disks?.some((disk) => disk.target?.dev === target) === true)
    throw virError("operationInvalid", `target ${target} already exists`);
}

const NOTHING_LEAVES: Leaving = { gone: Promise.resolve() };

const attach = (
  definitions: Definitions,
  input: OperationInput<"domain", "attachDevice">,
): Promise<void> => {
  const actor = definitions.list.find(input.domain);
  const work = new DeviceWork(definitions, actor);
  return actor.change("attachDevice", async () => {
    const { live, config } = chosen(actor, input);
    const added = parseDevice(input.xml);
    const { definition } = actor.view;
    if (config) refuseKnownTarget(definition, added);
    if (live !== undefined) refuseKnownTarget(live.config, added);
    const saved = config ? await work.resolved(addDevice(definition, added)) : undefined;
    if (live !== undefined) await work.attachLive(live, added);
    if (saved !== undefined) await work.save(saved);
  });
};

type Find = (config: ResolvedDomain) => DevicePlace;
type Detaching = Affected & Pick<OperationInput<"domain", "detachDevice">, "domain">;

/** Resolves when the request is out; then `gone` tells when the guest has let go. */
const detach = (definitions: Definitions, input: Detaching, find: Find): Promise<Leaving> => {
  const actor = definitions.list.find(input.domain);
  const work = new DeviceWork(definitions, actor);
  return actor.change("detachDevice", async () => {
    const { live, config } = chosen(actor, input);
    const { definition } = actor.view;
    const place = config ? find(definition) : undefined;
    const leaving = live === undefined ? NOTHING_LEAVES : await work.letGo(live, find(live.config));
    if (place !== undefined)
      await work.save(await work.resolved(removeDevice(definition, place.kind, place.index)));
    return leaving;
  });
};

const update = (
  definitions: Definitions,
  input: OperationInput<"domain", "updateDevice">,
): Promise<void> => {
  const actor = definitions.list.find(input.domain);
  const work = new DeviceWork(definitions, actor);
  return actor.change("updateDevice", async () => {
    const { live, config } = chosen(actor, input);
    const changed = parseDevice(input.xml);
    const { definition } = actor.view;
    const saved = config
      ? await work.resolved(replaceDevice(definition, changed, findDevice(definition, changed)))
      : undefined;
    if (live !== undefined) await updateLive(work, live, { changed, force: input.force === true });
    if (saved !== undefined) await work.save(saved);
  });
};

const placeOf =
  (wanted: KindedDevice): Find =>
  (config) => ({ kind: wanted.kind, index: findDevice(config, wanted) });

export const deviceRole = (definitions: Definitions): Role<"domain"> => ({
  attachDevice: (input) => attach(definitions, input),
  detachDevice: async (input) => {
    const { gone } = await detach(definitions, input, placeOf(parseDevice(input.xml)));
    await within(LET_GO_MS, gone);
  },
  detachDeviceAlias: async (input) => {
    await detach(definitions, input, (config) => findAlias(config, input.alias));
  },
  updateDevice: (input) => update(definitions, input),
});
