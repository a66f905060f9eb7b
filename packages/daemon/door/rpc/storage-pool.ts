/** RPC procedures about storage pools. */
import type { PoolRef, PoolSummary, VolumeIdentity } from "@vireo/model/operation/storage-value";
import { POOL_STATES } from "@vireo/model/operation/storage-value";
import type { PoolType } from "@vireo/model/storage/pool-kind";
import { POOL_LIFECYCLE, type StoragePoolEvent } from "@vireo/model/storage-event";
import { remote } from "@vireo/rpc/program/remote";
import { ask, connectionOf, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { atMost, readFlags } from "./flags.ts";
import { type EventWire, SubscriptionsBySession } from "./object-subscriptions.ts";
import { wireTruth } from "./wire.ts";

const STATE_FILTER = {
  inactive: 1,
  active: 2,
  persistent: 4,
  transient: 8,
  autostart: 16,
  noAutostart: 32,
} as const;
type StateFilter = keyof typeof STATE_FILTER;
const TYPE_FILTER = {
  dir: 64,
  fs: 128,
  netfs: 256,
  logical: 512,
  disk: 1024,
  iscsi: 2048,
  scsi: 4096,
  mpath: 8192,
  rbd: 16_384,
  sheepdog: 32_768,
  gluster: 65_536,
  zfs: 131_072,
  vstorage: 262_144,
  "iscsi-direct": 524_288,
} as const satisfies Readonly<Record<PoolType, number>>;
type Filter = StateFilter | PoolType;

const CREATE = { build: 1, overwrite: 2, noOverwrite: 4 } as const;
const BUILD = { noOverwrite: 4, overwrite: 8 } as const;
const LIST_LIMIT = 16_384;

const STATE_TESTS: Readonly<Record<StateFilter, (pool: PoolSummary) => boolean>> = {
  inactive: ({ active }) => !active,
  active: ({ active }) => active,
  persistent: ({ persistent }) => persistent,
  transient: ({ persistent }) => !persistent,
  autostart: ({ autostart }) => autostart,
  noAutostart: ({ autostart }) => !autostart,
};
const isState = (filter: Filter): filter is StateFilter => filter in STATE_FILTER;
const fits = (filter: Filter, pool: PoolSummary): boolean =>
  isState(filter) ? STATE_TESTS[filter](pool) : pool.type === filter;

const GROUPS: readonly (readonly Filter[])[] = [
  ["inactive", "active"],
  ["persistent", "transient"],
  ["autostart", "noAutostart"],
  Object.keys(TYPE_FILTER) as PoolType[], // its keys are pool types
];

/** Filters of one group are alternatives; groups add up. */
function filtered(
  pools: readonly PoolSummary[],
  filters: Readonly<Partial<Record<Filter, true>>>,
): readonly PoolSummary[] {
  const groups = GROUPS.map((group) => group.filter((one) => filters[one])).filter((g) => g.length);
  return pools.filter((pool) => groups.every((group) => group.some((one) => fits(one, pool))));
}

const wirePool = ({ name, uuid }: { name: string; uuid: string }) => ({ name, uuid });
/** Only the UUID counts; the name may be stale. */
export const poolOf = ({ uuid }: { uuid: string }): PoolRef => ({ uuid });
export const wireVolume = ({ pool, name, key }: VolumeIdentity): VolumeIdentity => ({
  pool,
  name,
  key,
});

const all = (call: DoorCall): Promise<readonly PoolSummary[]> =>
  ask(call, ["storagePool", "list"], {});
const summary = (pool: { uuid: string }, call: DoorCall): Promise<PoolSummary> =>
  ask(call, ["storagePool", "lookup"], { pool: poolOf(pool) });

async function names(max: number, filter: StateFilter, call: DoorCall) {
  atMost(LIST_LIMIT, max, "maxnames > REMOTE_STORAGE_POOL_LIST_MAX");
  const found = filtered(await all(call), { [filter]: true });
  return { names: found.map(({ name }) => name).slice(0, max) };
}

const listHandlers: DoorHandlers = {
  connectNumOfStoragePools: async (_args, call) => ({
    num: filtered(await all(call), { active: true }).length,
  }),
  connectNumOfDefinedStoragePools: async (_args, call) => ({
    num: filtered(await all(call), { inactive: true }).length,
  }),
  connectListStoragePools: ({ maxnames }, call) => names(maxnames, "active", call),
  connectListDefinedStoragePools: ({ maxnames }, call) => names(maxnames, "inactive", call),
  connectListAllStoragePools: async ({ need_results, flags }, call) => {
    const bits = { ...STATE_FILTER, ...TYPE_FILTER };
    const filters = readFlags(flags, bits, "storageConnectListAllStoragePools");
    const found = filtered(await all(call), filters);
    return { pools: need_results === 0 ? [] : found.map(wirePool), ret: found.length };
  },
  storagePoolLookupByName: async ({ name }, call) => ({
    pool: wirePool(await ask(call, ["storagePool", "lookup"], { pool: { name } })),
  }),
  storagePoolLookupByUuid: async ({ uuid }, call) => ({
    pool: wirePool(await ask(call, ["storagePool", "lookup"], { pool: { uuid } })),
  }),
  storagePoolLookupByVolume: async ({ vol }, call) => ({
    pool: wirePool(await ask(call, ["storagePool", "lookup"], { pool: { name: vol.pool } })),
  }),
  storagePoolLookupByTargetPath: async ({ path }, call) => ({
    pool: wirePool(await ask(call, ["storagePool", "lookupByTargetPath"], { path })),
  }),
};

const lifeHandlers: DoorHandlers = {
  storagePoolDefineXml: async ({ xml, flags }, call) => {
    const ways = readFlags(flags, { validate: 1 }, "storagePoolDefineXML");
    return { pool: wirePool(await ask(call, ["storagePool", "define"], { xml, ...ways })) };
  },
  storagePoolCreateXml: async ({ xml, flags }, call) => {
    const ways = readFlags(flags, { ...CREATE, validate: 8 }, "storagePoolCreateXML");
    return { pool: wirePool(await ask(call, ["storagePool", "create"], { xml, ...ways })) };
  },
  storagePoolCreate: ({ pool, flags }, call) => {
    const ways = readFlags(flags, CREATE, "storagePoolCreate");
    return ask(call, ["storagePool", "start"], { pool: poolOf(pool), ...ways });
  },
  storagePoolBuild: ({ pool, flags }, call) => {
    const ways = readFlags(flags, BUILD, "storagePoolBuild");
    return ask(call, ["storagePool", "build"], { pool: poolOf(pool), ...ways });
  },
  storagePoolDestroy: ({ pool }, call) =>
    ask(call, ["storagePool", "destroy"], { pool: poolOf(pool) }),
  storagePoolDelete: ({ pool, flags }, call) => {
    const ways = readFlags(flags, { zeroed: 1 }, "storagePoolDelete");
    return ask(call, ["storagePool", "delete"], { pool: poolOf(pool), ...ways });
  },
  storagePoolUndefine: ({ pool }, call) =>
    ask(call, ["storagePool", "undefine"], { pool: poolOf(pool) }),
  storagePoolRefresh: ({ pool, flags }, call) => {
    readFlags(flags, {}, "storagePoolRefresh");
    return ask(call, ["storagePool", "refresh"], { pool: poolOf(pool) });
  },
  storagePoolSetAutostart: ({ pool, autostart }, call) =>
    ask(call, ["storagePool", "setAutostart"], {
      pool: poolOf(pool),
      autostart: autostart !== 0,
    }),
};

const readHandlers: DoorHandlers = {
  storagePoolGetInfo: async ({ pool }, call) => {
    const info = await ask(call, ["storagePool", "info"], { pool: poolOf(pool) });
    return {
      state: POOL_STATES.indexOf(info.state),
      capacity: BigInt(info.capacity),
      allocation: BigInt(info.allocation),
      available: BigInt(info.available),
    };
  },
  storagePoolGetXmlDesc: async ({ pool, flags }, call) => {
    const ways = readFlags(flags, { inactive: 1 }, "storagePoolGetXMLDesc");
    return { xml: await ask(call, ["storagePool", "xml"], { pool: poolOf(pool), ...ways }) };
  },
  storagePoolGetAutostart: async ({ pool }, call) => ({
    autostart: wireTruth((await summary(pool, call)).autostart),
  }),
  storagePoolIsActive: async ({ pool }, call) => ({
    active: wireTruth((await summary(pool, call)).active),
  }),
  storagePoolIsPersistent: async ({ pool }, call) => ({
    persistent: wireTruth((await summary(pool, call)).persistent),
  }),
  storagePoolNumOfVolumes: async ({ pool }, call) => ({
    num: (await ask(call, ["storagePool", "volumes"], { pool: poolOf(pool) })).length,
  }),
  storagePoolListVolumes: async ({ pool, maxnames }, call) => {
    atMost(LIST_LIMIT, maxnames, "maxnames > REMOTE_STORAGE_VOL_LIST_MAX");
    const volumes = await ask(call, ["storagePool", "volumes"], { pool: poolOf(pool) });
    return { names: volumes.map(({ name }) => name).slice(0, maxnames) };
  },
  storagePoolListAllVolumes: async ({ pool, need_results, flags }, call) => {
    readFlags(flags, {}, "storagePoolListAllVolumes");
    const volumes = await ask(call, ["storagePool", "volumes"], { pool: poolOf(pool) });
    return { vols: need_results === 0 ? [] : volumes.map(wireVolume), ret: volumes.length };
  },
  connectFindStoragePoolSources: async ({ type, srcSpec, flags }, call) => {
    readFlags(flags, {}, "storageConnectFindStoragePoolSources");
    const source = srcSpec === null ? {} : { source: srcSpec };
    return { xml: await ask(call, ["storagePool", "findSources"], { type, ...source }) };
  },
  connectGetStoragePoolCapabilities: async ({ flags }, call) => {
    readFlags(flags, {}, "storageConnectGetStoragePoolCapabilities");
    return { capabilities: await ask(call, ["storagePool", "capabilities"], {}) };
  },
};

const EVENTS: readonly StoragePoolEvent["kind"][] = ["lifecycle", "refresh"];
const EVENT_WIRE: EventWire<StoragePoolEvent> = {
  count: EVENTS.length,
  idOf: ({ kind }) => EVENTS.indexOf(kind),
  uuidOf: ({ pool }) => pool.uuid,
  send: (session, callbackID, event) => {
    const pool = wirePool(event.pool);
    if (event.kind === "refresh")
      session.sendEvent(remote, "storagePoolEventRefresh", { callbackID, pool });
    else
      session.sendEvent(remote, "storagePoolEventLifecycle", {
        callbackID,
        pool,
        event: POOL_LIFECYCLE.indexOf(event.event),
        detail: 0,
      });
  },
};
const subscriptions = new SubscriptionsBySession(EVENT_WIRE, (session) =>
  connectionOf(session).events("storagePool"),
);

const eventHandlers: DoorHandlers = {
  connectStoragePoolEventRegisterAny: ({ eventID, pool }, { session }) => ({
    callbackID: subscriptions
      .for(session, "virConnectStoragePoolEventRegisterAny")
      .add(eventID, pool?.uuid),
  }),
  connectStoragePoolEventDeregisterAny: ({ callbackID }, { session }) => {
    subscriptions.for(session, "virConnectStoragePoolEventDeregisterAny").remove(callbackID);
  },
};

export const storagePoolHandlers: DoorHandlers = {
  ...listHandlers,
  ...lifeHandlers,
  ...readHandlers,
  ...eventHandlers,
};
