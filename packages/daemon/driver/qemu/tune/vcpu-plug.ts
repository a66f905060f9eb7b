/** Gives virtual CPUs to a QEMU that runs, and asks the guest to let go of them. */
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { withVcpuPlugged, withVcpuUnplugged } from "@vireo/model/domain/vcpu-state";
import { within } from "../../../host/clock.ts";
import type { DomainActor } from "../domain-actor.ts";
import type { LiveDomain } from "../domain-view.ts";
import type { QemuEnvironment } from "../environment.ts";
import { vcpuThreadsOf } from "../live-config.ts";
import type { Undo } from "../undo.ts";
import { placeVcpus } from "./placement.ts";
import type { Known } from "./known.ts";
import { aliasOf, plugVcpus } from "./vcpu-slot.ts";

/** libvirt's time for a guest to let go of a device. */
const LET_GO_MS = 5000;

/** `late` hears of a guest that lets go after its time. */
async function letGo(actor: DomainActor, alias: string, late?: () => Promise<void>): Promise<void> {
  const gone = actor.leaving.wait(alias).then(() => true);
  gone.catch(() => undefined); // a request that QEMU refuses is told otherwise
  await actor.ask("device_del", { id: alias });
  if ((await within(LET_GO_MS, gone)) === true) return;
  gone.then(late).catch(() => undefined); // the guest may have ended instead
  throw virError(
    "operationTimeout",
    "vcpu unplug request timed out. Unplug result must be manually inspected in the domain",
  );
}

interface Switch {
  readonly env: QemuEnvironment;
  readonly actor: DomainActor;
  readonly ids: readonly number[];
}

/** New threads run where the definition wants them. */
async function settled(
  { env, actor }: Switch,
  change: (config: ResolvedDomain) => ResolvedDomain,
): Promise<Known> {
  const vcpuThreads = vcpuThreadsOf(await actor.ask("query-cpus-fast"));
  const { live } = actor.view;
  if (live !== undefined)
    await placeVcpus(env, { ...live, config: change(live.config), vcpuThreads });
  return (now: LiveDomain) => ({ ...now, vcpuThreads, config: change(now.config) });
}

export async function switchOn(work: Switch, undo: Undo): Promise<Known> {
  for (const id of work.ids) {
    await plugVcpus(work.actor, [id]);
    undo.add(`vcpu ${id}`, () => letGo(work.actor, aliasOf(id)));
  }
  return settled(work, (config) => work.ids.reduce(withVcpuPlugged, config));
}

/** What the caller was told has failed has happened after all. */
const goneLate = ({ env, actor }: Switch, id: number): Promise<void> =>
  actor.change("setVcpus", async () => {
    const change = await settled({ env, actor, ids: [id] }, (now) => withVcpuUnplugged(now, id));
    const { live } = actor.view;
    if (live !== undefined) actor.update({ live: change(live) });
  });

export async function switchOff(work: Switch, undo: Undo): Promise<Known> {
  for (const id of work.ids) {
    await letGo(work.actor, aliasOf(id), () => goneLate(work, id));
    undo.add(`vcpu ${id}`, () => plugVcpus(work.actor, [id]));
  }
  return settled(work, (config) => work.ids.reduce(withVcpuUnplugged, config));
}
