/** RPC procedures about storage pools. */
import type { PoolRef, PoolSummary, VolumeIdentity } from "@vireo/model/operation/storage-value";
import { POOL_STATES } from "@vireo/model/operation/storage-value";
import { POOL_TYPES, POOL_TYPES_BY_BIT } from "@vireo/model/storage/pool-kind";
import { POOL_LIFECYCLE, type StoragePoolEvent } from "@vireo/model/storage-event";
import { remote } from "@vireo/rpc/program/remote";
import { ask, connectionOf, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { atMost, readFlags } from "./flags.ts";
import { type EventWire, SubscriptionsBySession } from "./object-subscriptions.ts";
import { inState, namesInState, STATE_FILTER, type StateFilter } from "./state-filter.ts";
import { wireTruth } from "./wire.ts";

/** Filters by kind follow those by state. */
const KIND_FILTER = new Map(POOL_TYPES_BY_BIT.map((type, index) => [type, 1 << (6 + index)]));
const LIST_FILTER = { ...STATE_FILTER, ...Object.fromEntries(KIND_FILTER) };

const CREATE = { build: 1, overwrite: 2, noOverwrite: 4 } as const;
const BUILD = { noOverwrite: 4, overwrite: 8 } as const;
const LIST_LIMIT = 16_384;

type Filters = Readonly<Record<string, true | undefined>>;

function filtered(pools: readonly PoolSummary[], filters: Filters): readonly PoolSummary[] {
  const kinds = POOL_TYPES.filter((type) => filters[type]);
  const found = kinds.length === 0 ? pools : pools.filter(({ type }) => kinds.includes(type));
  return inState(found, filters);
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
  return namesInState(await all(call), filter, max);
}

const listHandlers: DoorHandlers = {
  connectNumOfStoragePools: async (_args, call) => ({
    num: inState(await all(call), { active: true }).length,
  }),
  connectNumOfDefinedStoragePools: async (_args, call) => ({
    num: inState(await all(call), { inactive: true }).length,
  }),
  connectListStoragePools: ({ maxnames }, call) => names(maxnames, "active", call),
  connectListDefinedStoragePools: ({ maxnames }, call) => names(maxnames, "inactive", call),
  connectListAllStoragePools: async ({ need_results, flags }, call) => {
    const filters = readFlags(flags, LIST_FILTER, "storageConnectListAllStoragePools");
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
