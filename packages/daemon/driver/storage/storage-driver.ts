/** The storage driver: pools and volumes, beside every hypervisor. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { explainError } from "@vireo/model/error";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { StoragePoolEvent } from "@vireo/model/storage-event";
import type { VolumeFacts } from "@vireo/qemu/block/volume-disk";
import { EventBus } from "../../event/event-bus.ts";
import { within } from "../../host/clock.ts";
import type { Paths } from "../../host/paths.ts";
import type { StoredObject } from "../../state/definition-store.ts";
import type { Driver, Secrets, Volumes, VolumeWork } from "../contract.ts";
import { scanBackend } from "./pool-backend.ts";
import { JobJournal } from "../../state/job-journal.ts";
import { volumeWork } from "./volume-work.ts";
import { imageRole, type ImageWork } from "./image-role.ts";
import { PoolList } from "./pool-list.ts";
import { watchPools } from "./pool-watch.ts";
import { poolRole, startPool } from "./pool-role.ts";
import { poolStore } from "./pool-store.ts";
import { Pool } from "./pool.ts";
import { Quarantine } from "./quarantine.ts";
import { removeUnfinished } from "./unfinished-file.ts";
import { volumeRole } from "./volume-role.ts";

/** Pools that answer in time are there when the first client comes; dead servers keep nobody waiting. */
const START_MS = 3000;

/** Takes an active pool over again, or starts one that is to start with the daemon. */
async function revive(list: PoolList, pool: Pool): Promise<void> {
  const { live, config, autostart } = pool;
  try {
    if (live !== undefined) pool.scanned(await scanBackend(live.definition));
    else if (autostart && config !== undefined) await startPool(list, pool, { definition: config });
  } catch (error) {
    // an active pool stays so: its last state is what the administrator wished
    if (live !== undefined) pool.unreachable = explainError(error);
    list.log.error({ pool: pool.identity.name }, `storage pool: ${explainError(error)}`);
  }
}

function poolOf({ autostart, ...definitions }: StoredObject<StoragePool>): Pool {
  const pool = new Pool(definitions);
  pool.autostart = autostart;
  return pool;
}

/** An inactive pool tells no more than that it is one. */
function factsOf(list: PoolList, poolName: string, name: string): VolumeFacts {
  const pool = list.find({ name: poolName });
  const { type: poolType } = pool.definition;
  if (pool.live === undefined) return { poolType, poolActive: false, volumeType: "file", path: "" };
  const { type: volumeType, target } = pool.volume(name);
  return { poolType, poolActive: true, volumeType, path: target?.path ?? "" };
}

interface Beside {
  readonly log: Logger;
  readonly secrets?: Secrets;
  /** Known as soon as there are domains. */
  readonly images: ImageWork["images"];
}

async function makeDirectory(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  return path;
}

/** Resolves when the pools are known, and active where that does not take long. */
export async function startStorageDriver(
  paths: Paths,
  { log, secrets, images }: Beside,
): Promise<{
  readonly driver: Driver;
  /** What domains may ask of storage. */
  readonly forDomains: { readonly volumes: Volumes; readonly volumeWork: VolumeWork };
}> {
  const events = new EventBus<StoragePoolEvent>((error, event) =>
    log.error({ event: event.kind }, `event subscriber failed: ${explainError(error)}`),
  );
  const list = new PoolList(poolStore(paths), events, log);
  const stored = await list.store.load((path, error) =>
    log.error({ path }, `cannot read storage pool: ${explainError(error)}`),
  );
  for (const one of stored) list.add(poolOf(one));
  await within(START_MS, Promise.all(list.all().map((pool) => revive(list, pool))));
  const endWatch = watchPools(list);
  const scratch = await makeDirectory(join(paths.run, "storage"));
  const quarantine = new Quarantine(paths, log);
  await quarantine.open();
  const journal = new JobJournal(await makeDirectory(join(paths.lib, "storage-journal")));
  const work: ImageWork = { list, images, quarantine, journal, log };
  await within(START_MS, removeUnfinished(work));
  const maker = { list, secrets, scratch, journal, log };
  const driver: Driver = {
    name: "storage",
    errorDomain: ErrorDomain.storage,
    roles: {
      storagePool: poolRole(list),
      storageVolume: volumeRole(maker, work),
      image: imageRole(work),
    },
    events: { storagePool: events },
    close: () => {
      endWatch();
      quarantine.close();
      return Promise.resolve();
    },
  };
  const volumes: Volumes = { facts: (pool, volume) => factsOf(list, pool, volume) };
  return { driver, forDomains: { volumes, volumeWork: volumeWork(maker) } };
}
