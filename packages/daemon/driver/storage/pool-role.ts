/** Operations on pools. */
import { isDeepStrictEqual } from "node:util";
import { explainError, virError } from "@vireo/model/error";
import type { PoolInfo } from "@vireo/model/operation/storage-value";
import { formatPool, formatSources, parsePool, parseSource } from "@vireo/model/storage/parse-pool";
import { POOL_TYPES, type PoolType } from "@vireo/model/storage/pool-kind";
import type { StoragePool } from "@vireo/model/storage/pool";
import { schemaObjection } from "../../host/xml-schema.ts";
import type { Role } from "../contract.ts";
import {
  backendOf,
  buildBackend,
  deleteBackend,
  findSources,
  scanBackend,
  startBackend,
  stopBackend,
} from "./pool-backend.ts";
import { poolCapabilities } from "./pool-capabilities.ts";
import { devicesOf } from "./backend.ts";
import { targetOf } from "./directory-backend.ts";
import { identityOf, type PoolList } from "./pool-list.ts";
import { newUuid } from "../../state/new-uuid.ts";
import { Pool } from "./pool.ts";

/** @throws VireoError as libvirt words it */
async function readPool(xml: string, validate: boolean | undefined): Promise<StoragePool> {
  const { pool, issues } = parsePool(xml, newUuid);
  const objection = validate === true ? await schemaObjection(xml, "storagepool") : undefined;
  if (objection !== undefined) throw virError("xmlInvalidSchema", objection);
  const [issue] = issues;
  if (validate === true && issue !== undefined)
    throw virError("xmlInvalidSchema", `${issue.path}: ${issue.message}`);
  return pool;
}

const DEVICE_KINDS: ReadonlySet<PoolType> = new Set(["fs", "logical", "disk"]);
const DIRECTORY_KINDS: ReadonlySet<PoolType> = new Set(["dir", "fs", "netfs", "vstorage"]);

/** Whether both pools keep their volumes in the same place. */
function isSameStorage(one: StoragePool, other: StoragePool): boolean {
  if (DEVICE_KINDS.has(one.type) && DEVICE_KINDS.has(other.type)) {
    const devices = new Set(devicesOf(one));
    if (devicesOf(other).some((device) => devices.has(device))) return true;
  }
  if (one.type !== other.type) return false;
  if (DIRECTORY_KINDS.has(one.type)) return targetOf(one) === targetOf(other);
  return isDeepStrictEqual(identifying(one), identifying(other));
}

/** What of a source tells it from others of its kind. */
const identifying = ({ source, type }: StoragePool) => ({
  ...(type === "mpath" ? {} : { hosts: source?.hosts?.map(({ name }) => name) }),
  name: source?.name,
  adapter: source?.adapter,
  initiator: source?.initiator,
  devices: source?.devices?.map(({ path }) => path),
});

/** Two pools over the same storage would spoil each other's volumes. */
function checkSource(list: PoolList, wanted: StoragePool): void {
  const clash = list
    .all()
    .find(
      ({ identity, definition }) =>
        identity.uuid !== wanted.uuid && isSameStorage(definition, wanted),
    );
  if (clash !== undefined)
    throw virError(
      "operationFailed",
      `Storage source conflict with pool: '${clash.identity.name}'`,
    );
}

/** Does `work` while nothing else may be done to the pool. */
async function alone<T>(
  pool: Pool,
  busy: NonNullable<Pool["busy"]>,
  work: () => Promise<T>,
): Promise<T> {
  pool.idle();
  pool.busy = busy;
  try {
    return await work();
  } finally {
    pool.busy = undefined;
  }
}

interface Starting {
  readonly build?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  readonly noOverwrite?: boolean | undefined;
}

/** Starts an inactive pool. @throws VireoError; then it is as before */
export async function startPool(
  list: PoolList,
  pool: Pool,
  { definition, ...ways }: Starting & { definition: StoragePool },
): Promise<void> {
  pool.inactive("already active");
  await alone(pool, "starting up", async () => {
    backendOf(definition.type);
    const wantsBuild = ways.build === true || ways.overwrite === true || ways.noOverwrite === true;
    if (wantsBuild) await buildBackend(definition, ways);
    await startBackend(definition);
    try {
      const facts = await scanBackend(definition);
      await list.store.saveStatus(definition);
      pool.started(definition);
      pool.scanned(facts);
    } catch (error) {
      pool.live = undefined;
      await stopBackend(definition).catch((fault: unknown) =>
        list.log.warn({ pool: definition.name, err: fault }, "pool left half started"),
      );
      throw error;
    }
  });
  list.tell(pool, "started");
}

async function define(list: PoolList, wanted: StoragePool): Promise<Pool> {
  backendOf(wanted.type);
  const known = list.same(wanted);
  checkSource(list, wanted);
  await list.store.saveDefinition(wanted);
  const pool = known ?? new Pool({ config: wanted });
  pool.config = wanted;
  list.add(pool);
  list.tell(pool, "defined");
  return pool;
}

async function create(list: PoolList, definition: StoragePool, ways: Starting): Promise<Pool> {
  const known = list.same(definition);
  if (known?.live !== undefined)
    throw virError("operationInvalid", `pool is already active as '${definition.name}'`);
  checkSource(list, definition);
  // a pool must be in the list before it is started, so that no second one takes its name
  const pool = known ?? new Pool({ config: definition });
  list.add(pool);
  try {
    await startPool(list, pool, { ...ways, definition });
  } catch (error) {
    if (known === undefined) list.drop(pool);
    throw error;
  }
  if (known === undefined) pool.config = undefined;
  return pool;
}

async function destroy(list: PoolList, pool: Pool): Promise<void> {
  const { definition } = pool.active();
  const { identity } = pool;
  await alone(pool, "being taken down", async () => {
    await stopBackend(definition);
    await list.store.removeStatus(identity.name);
  });
  list.tell(pool, "stopped");
  pool.live = undefined;
  pool.unreachable = undefined;
  if (pool.config === undefined) list.drop(pool);
}

export async function refreshPool(list: PoolList, pool: Pool): Promise<void> {
  const { definition, volumes } = pool.active();
  pool.idle();
  pool.jobs += 1;
  try {
    pool.scanned(await scanBackend(definition, volumes));
  } catch (error) {
    pool.unreachable = explainError(error);
    throw error;
  } finally {
    pool.jobs -= 1;
  }
  list.events.publish({ kind: "refresh", pool: pool.identity });
}

async function undefine(list: PoolList, pool: Pool): Promise<void> {
  pool.inactive("still active");
  pool.idle();
  await list.store.removeDefinition(pool.identity.name);
  list.tell(pool, "undefined");
  list.drop(pool);
}

async function setAutostart(list: PoolList, pool: Pool, wanted: boolean): Promise<void> {
  if (pool.config === undefined) throw virError("internalError", "pool has no config file");
  await list.store.setAutostart(pool.identity.name, wanted);
  pool.autostart = wanted;
}

const sizes = ({ live }: Pool) => {
  const { capacity, available } = live?.space ?? { capacity: 0, available: 0 };
  return { capacity, allocation: capacity - available, available };
};

function stateOf({ live, unreachable }: Pool): PoolInfo["state"] {
  if (live === undefined) return "inactive";
  return unreachable === undefined ? "running" : "inaccessible";
}

const infoOf = (pool: Pool): PoolInfo => ({
  state: stateOf(pool),
  ...sizes(pool),
  ageMs: pool.ageMs,
  ...(pool.unreachable === undefined ? {} : { unreachable: pool.unreachable }),
});

/** @throws VireoError `internalError` */
function knownType(type: string): PoolType {
  const known = POOL_TYPES.find((one) => one === type);
  if (known === undefined) throw virError("internalError", `unknown storage pool type ${type}`);
  return known;
}

export const poolRole = (list: PoolList): Role<"storagePool"> => ({
  list: () => list.all().map(({ summary }) => summary),
  lookup: ({ pool }) => list.find(pool).summary,
  lookupByTargetPath: ({ path }) => {
    const found = list.all().find(({ live }) => live && targetOf(live.definition) === path);
    if (found !== undefined) return found.identity;
    throw virError("noStoragePool", `no storage pool with matching target path '${path}'`);
  },
  define: async ({ xml, validate }) => (await define(list, await readPool(xml, validate))).identity,
  create: async ({ xml, validate, ...ways }) =>
    (await create(list, await readPool(xml, validate), ways)).identity,
  start: async ({ pool, ...ways }) => {
    const found = list.find(pool);
    await startPool(list, found, { ...ways, definition: found.config ?? found.definition });
  },
  build: async ({ pool, ...ways }) => {
    const found = list.find(pool);
    found.inactive("already active");
    await alone(found, "starting up", () => buildBackend(found.definition, ways));
    list.tell(found, "created");
  },
  destroy: ({ pool }) => destroy(list, list.find(pool)),
  delete: async ({ pool }) => {
    const found = list.find(pool);
    found.inactive("still active");
    await alone(found, "being taken down", () => deleteBackend(found.definition));
    list.tell(found, "deleted");
  },
  undefine: ({ pool }) => undefine(list, list.find(pool)),
  refresh: ({ pool }) => refreshPool(list, list.find(pool)),
  info: ({ pool }) => infoOf(list.find(pool)),
  xml: ({ pool, inactive }) => {
    const found = list.find(pool);
    const { config, definition } = found;
    const shown = inactive === true ? (config ?? definition) : definition;
    const permissions = definition.target?.permissions; // as seen, in both
    return formatPool({
      ...shown,
      ...(permissions && { target: { ...shown.target, permissions } }),
      ...sizes(found),
    });
  },
  setAutostart: ({ pool, autostart }) => setAutostart(list, list.find(pool), autostart),
  volumes: ({ pool }) => {
    const found = list.find(pool);
    return Array.from(found.active().volumes.values(), (volume) =>
      identityOf({ pool: found, volume }),
    );
  },
  capabilities: () => poolCapabilities(),
  findSources: async ({ type, source }) => {
    const wanted = source === undefined ? {} : parseSource(source);
    return formatSources(await findSources(knownType(type), wanted));
  },
});
