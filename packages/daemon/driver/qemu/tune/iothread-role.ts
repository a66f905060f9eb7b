/** The driver's operations on I/O threads. */
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput } from "@vireo/model/operation/operations";
import { given } from "@vireo/qemu/json";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import { ioThreadsOf } from "../live-config.ts";
import type { Undo } from "../undo.ts";
import { changeDomain, configOf, type DomainChange } from "./change-domain.ts";
import { known, type Known } from "./known.ts";
import { hostCpus, iothreadCpus, iothreadGroup, placeIothread } from "./placement.ts";
import { moveThreads, refuseEmpty } from "./vcpu-role.ts";

type IoThread = NonNullable<NonNullable<ResolvedDomain["iothreadids"]>["iothreads"]>[number];

/** Those that are only counted are numbered from 1. */
const listed = ({ iothreads = 0, iothreadids }: ResolvedDomain): readonly IoThread[] =>
  iothreadids?.iothreads ?? Array.from({ length: iothreads }, (_, at) => ({ id: at + 1 }));

function withThreads(config: ResolvedDomain, iothreads: readonly IoThread[]): ResolvedDomain {
  const { iothreads: _count, iothreadids: _ids, ...rest } = config;
  if (iothreads.length === 0) return rest;
  return { ...rest, iothreads: iothreads.length, iothreadids: { iothreads } };
}

const qemuId = (id: number): string => `iothread${id}`;

/** Asks QEMU anew which threads there are. */
const refreshed = async (actor: DomainActor) => ioThreadsOf(await actor.ask("query-iothreads"));

const isThere = (config: ResolvedDomain, id: number): boolean =>
  listed(config).some((one) => one.id === id);

const add = (
  definitions: Definitions,
  input: OperationInput<"domain", "addIothread">,
): Promise<void> =>
  changeDomain(definitions, ["addIothread", input], ({ actor, live, definition }): DomainChange => {
    const { id } = input;
    for (const config of [live?.config, definition])
      if (config !== undefined && isThere(config, id))
        throw virError("invalidArg", `an IOThread is already using iothread_id '${id}'`);
    const more = (config: ResolvedDomain) => withThreads(config, [...listed(config), { id }]);
    return {
      ...(definition && { definition: more(definition) }),
      ...(live && {
        live: async (undo: Undo): Promise<Known> => {
          // a daemon that died may have added it without having written that down
          if (!(await refreshed(actor)).some((one) => one.id === id)) {
            await actor.ask("object-add", { "qom-type": "iothread", id: qemuId(id) });
            undo.add(qemuId(id), () => actor.ask("object-del", { id: qemuId(id) }));
          }
          const ioThreads = await refreshed(actor);
          await placeIothread(definitions.env, { ...live, ioThreads }, id);
          return (now) => ({ ...now, ioThreads, config: more(now.config) });
        },
      }),
    };
  });

/** @throws VireoError when it is not there, or a device uses it */
function refuseRemoval(config: ResolvedDomain, id: number): void {
  if (!isThere(config, id))
    throw virError("invalidArg", `cannot find IOThread '${id}' in iothreadids list`);
  const { disks = [], controllers = [] } = config.devices;
  const disk = disks.find(({ driver }) => driver?.iothread === id);
  if (disk !== undefined)
    throw virError(
      "operationInvalid",
      `cannot remove IOThread '${id}' since it is being used by disk '${disk.target?.dev ?? ""}'`,
    );
  if (controllers.some(({ driver }) => driver?.iothread === id))
    throw virError(
      "operationInvalid",
      `cannot remove IOThread '${id}' since it is being used by controller`,
    );
}

/** Without its pin and its scheduler either. */
function without(config: ResolvedDomain, id: number): ResolvedDomain {
  const less = withThreads(
    config,
    listed(config).filter((one) => one.id !== id),
  );
  const { cputune } = less;
  if (cputune === undefined) return less;
  const { iothreadpins, iothreadscheds, ...rest } = cputune;
  const pins = iothreadpins?.filter((pin) => pin.iothread !== id) ?? [];
  const scheds = iothreadscheds?.filter((sched) => !sched.iothreads.includes(id)) ?? [];
  return {
    ...less,
    cputune: {
      ...rest,
      ...(pins.length === 0 ? {} : { iothreadpins: pins }),
      ...(scheds.length === 0 ? {} : { iothreadscheds: scheds }),
    },
  };
}

const remove = (
  definitions: Definitions,
  input: OperationInput<"domain", "removeIothread">,
): Promise<void> =>
  changeDomain(
    definitions,
    ["removeIothread", input],
    ({ actor, live, definition }): DomainChange => {
      const { id } = input;
      for (const config of [live?.config, definition])
        if (config !== undefined) refuseRemoval(config, id);
      return {
        ...(definition && { definition: without(definition, id) }),
        ...(live && {
          live: async (undo: Undo): Promise<Known> => {
            await actor.ask("object-del", { id: qemuId(id) });
            undo.add(qemuId(id), () =>
              actor.ask("object-add", { "qom-type": "iothread", id: qemuId(id) }),
            );
            const ioThreads = await refreshed(actor);
            return (now) => ({ ...now, ioThreads, config: without(now.config, id) });
          },
        }),
      };
    },
  );

const withPin = (config: ResolvedDomain, id: number, cpus: readonly number[]): ResolvedDomain => ({
  ...config,
  cputune: {
    ...config.cputune,
    iothreadpins: [
      ...(config.cputune?.iothreadpins ?? []).filter((pin) => pin.iothread !== id),
      { iothread: id, cpuset: cpus },
    ].toSorted((a, b) => a.iothread - b.iothread),
  },
});

const pin = (
  definitions: Definitions,
  input: OperationInput<"domain", "pinIothread">,
): Promise<void> =>
  changeDomain(
    definitions,
    ["pinIothread", input],
    async ({ live, definition }): Promise<DomainChange> => {
      const { id, cpus } = input;
      if (live !== undefined && !isThere(live.config, id))
        throw virError("invalidArg", `iothread ${id} not found`);
      if (definition !== undefined && !isThere(definition, id))
        throw virError("invalidArg", `iothreadid ${id} not found`);
      refuseEmpty(cpus, "iothread pinning");
      const all = await hostCpus();
      return {
        ...(definition && { definition: withPin(definition, id, cpus) }),
        ...(live && {
          live: (undo: Undo): Known => {
            const from = iothreadCpus(live.config, id) ?? all;
            moveThreads(undo, iothreadGroup(live, id).tids, { to: cpus, from });
            return known((config) => withPin(config, id, cpus));
          },
        }),
      };
    },
  );

type Setting = OperationInput<"domain", "setIothread">;

function requireListed(config: ResolvedDomain, id: number): IoThread {
  const found = listed(config).find((one) => one.id === id);
  if (found === undefined)
    throw virError("invalidArg", `cannot find IOThread '${id}' in iothreadids`);
  return found;
}

/** @throws VireoError `operationInvalid` for what only a definition may have: no size */
function refuseNoSize(sizes: Readonly<Record<string, number | undefined>>): void {
  for (const [name, size] of Object.entries(sizes))
    if (size !== undefined && size < 0)
      throw virError(
        "operationInvalid",
        `${name} (${size}) must be equal to or greater than 0 for live change`,
      );
}

/** The thread with its new pool. @throws VireoError `operationInvalid` when no size fits */
function pooled(config: ResolvedDomain, { id, threadPoolMin, threadPoolMax }: Setting) {
  const old = requireListed(config, id);
  const min = threadPoolMin ?? old.threadPoolMin ?? -1;
  const max = threadPoolMax ?? old.threadPoolMax ?? -1;
  if (min > max)
    throw virError(
      "operationInvalid",
      `thread_pool_min (${min}) can't be greater than thread_pool_max (${max})`,
    );
  const next = {
    id,
    ...(min < 0 ? {} : { threadPoolMin: min }),
    ...(max < 0 ? {} : { threadPoolMax: max }),
  };
  return withThreads(
    config,
    listed(config).map((one) => (one.id === id ? next : one)),
  );
}

const set = (definitions: Definitions, input: Setting): Promise<void> =>
  changeDomain(definitions, ["setIothread", input], ({ actor, live, definition }): DomainChange => {
    const { id, pollMaxNs, pollGrow, pollShrink, threadPoolMin, threadPoolMax } = input;
    if (definition !== undefined) requireListed(definition, id);
    const polling = given({
      "poll-max-ns": pollMaxNs,
      "poll-grow": pollGrow,
      "poll-shrink": pollShrink,
    });
    if (definition !== undefined && Object.keys(polling).length > 0)
      throw virError(
        "operationUnsupported",
        "configuring persistent polling values is not supported",
      );
    if (live !== undefined)
      refuseNoSize({ thread_pool_min: threadPoolMin, thread_pool_max: threadPoolMax });
    if (live !== undefined) pooled(live.config, input);
    // the larger end of the pool first: QEMU wants them in order at every moment
    const pool = given({ "thread-pool-max": threadPoolMax, "thread-pool-min": threadPoolMin });
    return {
      ...(definition && { definition: pooled(definition, input) }),
      ...(live && {
        live: async (): Promise<Known> => {
          for (const [property, value] of Object.entries({ ...polling, ...pool }))
            await actor.ask("qom-set", { path: `/objects/${qemuId(id)}`, property, value });
          return known((config) => pooled(config, input));
        },
      }),
    };
  });

export const iothreadRole = (definitions: Definitions): Role<"domain"> => ({
  iothreads: async (input) => {
    const actor = definitions.list.find(input.domain);
    const config = configOf(actor, input);
    const { live } = actor.view;
    const ids = live !== undefined && config === live.config ? live.ioThreads : listed(config);
    const all = await hostCpus();
    return ids.map(({ id }) => ({ id, cpus: iothreadCpus(config, id) ?? all }));
  },
  addIothread: (input) => add(definitions, input),
  removeIothread: (input) => remove(definitions, input),
  pinIothread: (input) => pin(definitions, input),
  setIothread: (input) => set(definitions, input),
});
