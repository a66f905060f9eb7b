/** RPC procedures that list domains or report on many at once. */
import { virError } from "@vireo/model/error";
import { type domainMonitorOperations, STATS_GROUPS } from "@vireo/model/operation/domain-monitor";
import type { OutputOf } from "@vireo/model/operation/operation";
import { ask, driverFunction, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { atMost, readFlags } from "./flags.ts";
import { wireParam } from "./typed-params.ts";
import { domainOf, wireDomain } from "./wire.ts";

type Summary = OutputOf<typeof domainMonitorOperations.list>[number];

/** Pairs of filters: a list with neither or both of a pair set is not filtered by it (libvirt behaviour). */
const FILTER = {
  active: 1,
  inactive: 2,
  persistent: 4,
  transient: 8,
  running: 16,
  paused: 32,
  shutoff: 64,
  otherState: 128,
  managedSave: 256,
  noManagedSave: 512,
  autostart: 1024,
  noAutostart: 2048,
  hasSnapshot: 4096,
  noSnapshot: 8192,
  hasCheckpoint: 16384,
  noCheckpoint: 32768,
} as const;
type Filter = keyof typeof FILTER;

const PLAIN_STATES = new Set(["running", "paused", "shutoff"]);
const TESTS: Readonly<Record<Filter, (domain: Summary) => boolean>> = {
  active: ({ id }) => id !== undefined,
  inactive: ({ id }) => id === undefined,
  persistent: ({ persistent }) => persistent,
  transient: ({ persistent }) => !persistent,
  running: ({ state }) => state === "running",
  paused: ({ state }) => state === "paused",
  shutoff: ({ state }) => state === "shutoff",
  otherState: ({ state }) => !PLAIN_STATES.has(state),
  managedSave: ({ managedSave }) => managedSave,
  noManagedSave: ({ managedSave }) => !managedSave,
  autostart: ({ autostart }) => autostart,
  noAutostart: ({ autostart }) => !autostart,
  hasSnapshot: ({ snapshots }) => snapshots > 0,
  noSnapshot: ({ snapshots }) => snapshots === 0,
  hasCheckpoint: ({ checkpoints }) => checkpoints > 0,
  noCheckpoint: ({ checkpoints }) => checkpoints === 0,
};
/** Filters of one group are alternatives; groups add up. */
const GROUPS: readonly (readonly Filter[])[] = [
  ["active", "inactive"],
  ["persistent", "transient"],
  ["running", "paused", "shutoff", "otherState"],
  ["managedSave", "noManagedSave"],
  ["autostart", "noAutostart"],
  ["hasSnapshot", "noSnapshot"],
  ["hasCheckpoint", "noCheckpoint"],
];

export function filtered(
  domains: readonly Summary[],
  filters: Readonly<Partial<Record<Filter, true>>>,
): Summary[] {
  const groups = GROUPS.map((group) => group.filter((one) => filters[one])).filter((g) => g.length);
  return domains.filter((one) => groups.every((group) => group.some((test) => TESTS[test](one))));
}

/** Bits of the statistics groups, in libvirt's order; `nowait` and `enforce` and list filters lie above. */
const STATS_BITS = Object.fromEntries(STATS_GROUPS.map((group, i) => [group, 2 ** i]));
const STATS_FLAGS = { backing: 2 ** 30, enforce: 2 ** 31, nowait: 2 ** 29 } as const;

const all = (call: DoorCall): Promise<readonly Summary[]> => ask(call, ["domain", "list"], {});
const LIST_LIMIT = 16_384;

const oldHandlers: DoorHandlers = {
  connectNumOfDomains: async (_args, call) => ({
    num: filtered(await all(call), { active: true }).length,
  }),
  connectNumOfDefinedDomains: async (_args, call) => ({
    num: filtered(await all(call), { inactive: true }).length,
  }),
  connectListDomains: async ({ maxids }, call) => {
    atMost(LIST_LIMIT, maxids, "maxids > REMOTE_DOMAIN_LIST_MAX");
    const ids = (await all(call)).flatMap(({ id }) => id ?? []);
    return { ids: ids.slice(0, maxids) };
  },
  connectListDefinedDomains: async ({ maxnames }, call) => {
    atMost(LIST_LIMIT, maxnames, "maxnames > REMOTE_DOMAIN_LIST_MAX");
    const names = filtered(await all(call), { inactive: true }).map(({ name }) => name);
    return { names: names.slice(0, maxnames) };
  },
};

export const domainListHandlers: DoorHandlers = {
  ...oldHandlers,
  connectListAllDomains: async ({ need_results, flags }, call) => {
    const filters = readFlags(flags, FILTER, driverFunction(call, "ConnectListAllDomains"));
    const found = filtered(await all(call), filters);
    return { domains: need_results === 0 ? [] : found.map(wireDomain), ret: found.length };
  },
  connectGetAllDomainStats: async ({ doms, stats, flags }, call) => {
    const name = driverFunction(call, "ConnectGetAllDomainStats");
    const { backing, nowait, enforce, ...filters } = readFlags(
      flags,
      { ...FILTER, ...STATS_FLAGS },
      name,
    );
    const groups = STATS_GROUPS.filter((group) => (stats & (STATS_BITS[group] ?? 0)) !== 0);
    const known = 2 ** STATS_GROUPS.length - 1;
    if (enforce === true && (stats & ~known) !== 0)
      throw virError(
        "argumentUnsupported",
        `Stats types bits 0x${(stats & ~known).toString(16)} are not supported by this daemon`,
      );
    const wanted = doms.length > 0 ? doms.map(domainOf) : filtered(await all(call), filters);
    const domains = wanted.map((one) => ("uuid" in one ? { uuid: one.uuid } : one));
    const records = await ask(call, ["domain", "stats"], {
      domains,
      groups,
      backing,
      nowait,
    });
    return {
      retStats: records.map((record) => ({
        dom: wireDomain(record.domain),
        params: Object.entries(record.stats).map(([field, one]) => wireParam(field, one)),
      })),
    };
  },
};
