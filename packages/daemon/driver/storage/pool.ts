/** One pool that the daemon knows: its definitions, and while active what was last seen in it. */
import { virError } from "@vireo/model/error";
import type { PoolIdentity, PoolSummary } from "@vireo/model/operation/storage-value";
import type { StoragePool } from "@vireo/model/storage/pool";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { PoolFacts } from "./backend.ts";
import type { Space } from "./hand-protocol.ts";

/** An active pool as last seen. */
export interface LivePool {
  readonly definition: StoragePool;
  readonly space: Space;
  readonly volumes: ReadonlyMap<string, StorageVolume>;
  /** When, by `performance.now()`. */
  readonly seen: number;
}

const byName = (volumes: readonly StorageVolume[]): ReadonlyMap<string, StorageVolume> =>
  new Map(volumes.map((volume) => [volume.name, volume]));

export class Pool {
  config: StoragePool | undefined;
  live: LivePool | undefined;
  autostart = false;
  /** What is being done to the pool as a whole, for messages. */
  busy: "starting up" | "being taken down" | undefined;
  /** Volumes being made, copied or wiped. */
  jobs = 0;
  /** Why its storage cannot be looked at, when that was tried last. */
  unreachable: string | undefined;
  /** Names taken by volumes that are being made. */
  readonly building = new Set<string>();

  constructor(definitions: { config?: StoragePool | undefined; live?: StoragePool | undefined }) {
    this.config = definitions.config;
    if (definitions.live !== undefined) this.started(definitions.live);
  }

  /** @throws Error when it is gone */
  get definition(): StoragePool {
    const definition = this.live?.definition ?? this.config;
    if (definition === undefined) throw virError("internalError", "pool without a definition");
    return definition;
  }

  get identity(): PoolIdentity {
    const { name, uuid } = this.definition;
    return { name, uuid };
  }

  get summary(): PoolSummary {
    return {
      ...this.identity,
      type: this.definition.type,
      active: this.live !== undefined,
      persistent: this.config !== undefined,
      autostart: this.autostart,
    };
  }

  /** Active, with nothing seen yet. */
  started(definition: StoragePool): void {
    const space = { capacity: 0, available: 0 };
    this.live = { definition, space, volumes: new Map(), seen: performance.now() };
  }

  /** @throws VireoError `operationInvalid` */
  active(): LivePool {
    if (this.live === undefined)
      throw virError("operationInvalid", `storage pool '${this.identity.name}' is not active`);
    return this.live;
  }

  /** Milliseconds since its storage was looked at. */
  get ageMs(): number {
    return this.live === undefined ? 0 : Math.round(performance.now() - this.live.seen);
  }

  /** @throws VireoError `operationFailed` at once, where whoever tries would only wait */
  reachable(): void {
    if (this.unreachable === undefined) return;
    const age = Math.round(this.ageMs / 1000);
    throw virError(
      "operationFailed",
      `storage pool '${this.identity.name}' is unreachable: ${this.unreachable}; its volumes were last seen ${age} s ago`,
    );
  }

  /** @throws VireoError `operationInvalid` unless nothing is done to the pool or in it */
  idle(): void {
    const { name } = this.identity;
    if (this.busy !== undefined)
      throw virError("operationInvalid", `storage pool '${name}' is ${this.busy}`);
    if (this.jobs > 0)
      throw virError("operationInvalid", `pool '${name}' has asynchronous jobs running.`);
  }

  /** @throws VireoError `operationInvalid` */
  inactive(problem: "already active" | "still active"): void {
    if (this.live !== undefined)
      throw virError("operationInvalid", `storage pool '${this.identity.name}' is ${problem}`);
  }

  /** @throws VireoError `noStorageVol` */
  volume(name: string): StorageVolume {
    const found = this.active().volumes.get(name);
    if (found === undefined)
      throw virError("noStorageVol", `no storage vol with matching name '${name}'`);
    return found;
  }

  /** Takes in what was seen of the whole pool. */
  scanned({ space, permissions, source, volumes }: PoolFacts): void {
    if (this.live === undefined) return;
    this.unreachable = undefined;
    const { definition } = this.live;
    this.live = {
      definition: {
        ...definition,
        ...(source === undefined ? {} : { source }),
        ...(permissions === undefined ? {} : { target: { ...definition.target, permissions } }),
      },
      space,
      volumes: byName(volumes),
      seen: performance.now(),
    };
  }

  /** Takes in what was seen of one volume; nothing means that it is gone. */
  looked(name: string, { space, volumes: [volume] }: PoolFacts): void {
    if (this.live === undefined) return;
    const volumes = new Map(this.live.volumes);
    if (volume === undefined) volumes.delete(name);
    else volumes.set(name, volume);
    this.live = { ...this.live, space, volumes };
  }
}
