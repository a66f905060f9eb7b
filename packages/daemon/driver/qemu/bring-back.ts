/** What the driver finds at its start: domains, guests that still run, jobs that broke off, what is to start with the host. */
import { explainError } from "@vireo/model/error";
import { within } from "../../host/clock.ts";
import { shortNameOf } from "./command-context.ts";
import { loadCheckpoints } from "./checkpoint/known-checkpoints.ts";
import type { Definitions } from "./definition.ts";
import { filteredCard, isDirect, linksOf } from "./guest-links.ts";
import { recoverJobs } from "./job-recovery.ts";
import { findLostGuests } from "./lost-guests.ts";
import { loadDomains } from "./load-domains.ts";
import { sweepPassts } from "./nic/passt.ts";
import { sweepDevices } from "./nic/sweep.ts";
import { startDefined } from "./save-role.ts";
import { loadSnapshots } from "./snapshot/load-snapshots.ts";

/** Tells networks which guests still run. */
async function settleNetworks({ env, list }: Definitions): Promise<void> {
  const views = list.all().map(({ view }) => view);
  const owners = new Set(views.map(({ uuid }) => uuid));
  const { ports, limits } = linksOf(views.flatMap(({ live }) => live?.config ?? []));
  const held = (env.devices?.places() ?? []).map(({ id }) => id);
  await env.networks
    ?.settle({ owners, ports: new Set([...ports, ...held]), limits })
    .catch((error: unknown) => env.log.warn(explainError(error)));
}

/** Devices of cards whose guest ended while no daemon ran, or never began. */
async function sweepCards({ env, list }: Definitions): Promise<void> {
  const running = list.all().flatMap(({ view }) => view.live ?? []);
  const known = new Set(running.map(({ process }) => process.pid));
  // a QEMU that nobody knows may have any of them
  if ((await findLostGuests(env.paths, known)).length > 0) return;
  const cards = running.flatMap(({ config }) => config.devices.interfaces ?? []);
  const swept = await sweepDevices({
    root: env.paths.run,
    used: new Set(cards.flatMap(({ target }) => target?.dev ?? [])),
    report: (what, error) => env.log.warn({ what }, explainError(error)),
  });
  const names = new Set(running.map(({ id, config }) => shortNameOf(id, config.name)));
  swept.push(...(await sweepPassts(env.paths, names)));
  if (swept.length > 0) env.log.warn({ devices: swept }, "Devices of guests that are gone removed");
}

const SWEEP_MS = 5000;

/** A daemon that died while it changed a card's filter may have left another than the guest is said to have. */
async function settleFilters({ env, list }: Definitions): Promise<void> {
  const configs = list.all().flatMap(({ view }) => view.live?.config ?? []);
  const cards = configs.flatMap((config) =>
    (config.devices.interfaces ?? [])
      .filter((net) => !isDirect(net))
      .flatMap((net) => filteredCard(net, config) ?? []),
  );
  await env.filters?.settle(cards);
}

const OWNERS_MS = 5000;

/** Images of guests that ended while no daemon ran go back to their owners. */
async function settleOwners({ env: { owners }, list }: Definitions): Promise<void> {
  if (owners === undefined) return;
  const running = list.all().filter(({ view }) => view.live !== undefined);
  await within(OWNERS_MS, owners.settle(new Set(running.map(({ view }) => view.uuid))));
}

const DEVICES_MS = 5000;

/** Devices of guests that ended while no daemon ran go back to the host; the places of functions with them. */
async function settleDevices({ env, list }: Definitions): Promise<void> {
  const running = list.all().filter(({ view }) => view.live !== undefined);
  const settled = env.devices?.settle(new Set(running.map(({ view }) => view.uuid)));
  if (settled !== undefined) await within(DEVICES_MS, settled);
}

const AUTOSTART_MS = 5000;

/** Starts what the administrator marked, once per boot of the host. */
async function autostart({ env, list }: Definitions): Promise<void> {
  const { store, log } = env;
  if (await store.autostartIsDone(env.bootId)) return;
  const wanted = list.all().filter(({ view }) => view.autostart && view.live === undefined);
  for (const actor of wanted)
    await startDefined(env, actor, {})
      .then(() => log.info({ domain: actor.view.name }, "started with the host"))
      .catch((error: unknown) =>
        log.error({ domain: actor.view.name }, `autostart failed: ${explainError(error)}`),
      );
  // last: a daemon that dies in between is followed by one that starts the rest
  await store.markAutostartDone(env.bootId);
}

/**
 * Takes over what runs, and starts what is to start with the host.
 * @param idTaken hears the number of each running domain
 */
export async function bringBack(
  definitions: Definitions,
  idTaken: (id: number) => void,
): Promise<void> {
  await loadDomains(definitions, idTaken);
  await settleOwners(definitions);
  await settleDevices(definitions);
  await settleNetworks(definitions);
  await within(SWEEP_MS, sweepCards(definitions));

  await settleFilters(definitions);
  await loadSnapshots(definitions);
  await loadCheckpoints(definitions);
  await recoverJobs(definitions);
  // clients that come early find the guests on, unless one of them takes long
  await within(AUTOSTART_MS, autostart(definitions));
}
