/** A change of the host's interfaces that can be taken back as a whole: see pending-change.ts for its states. */
import type { Logger } from "pino";
import { explainError, virError, type VireoError } from "@vireo/model/error";
import { formatHostInterface } from "@vireo/model/node/host-interface";
import { bootId } from "../../host/boot-id.ts";
import { hostClock, whenDue } from "../../host/due-timer.ts";
import type { HostKeepers } from "./host-keepers.ts";
import type { InterfaceFiles } from "./interface-files.ts";
import type { NoteFile } from "./interface-journal.ts";
import type { Files, InterfaceKeeper } from "./keeper.ts";
import type { LiveInterfaces } from "./live-interface.ts";
import { changeFile, type GoingBack, type PendingChange } from "./pending-change.ts";

const MS_PER_SECOND = 1000;

/** A rollback that could not even write the files is tried again: somebody may wait for it outside. */
const AGAIN_MS = 10_000;

const invalid = (detail: string): VireoError => virError("operationInvalid", detail);

export interface ChangeNeeds {
  readonly lib: string;
  readonly keepers: HostKeepers;
  readonly live: LiveInterfaces;
  readonly files: InterfaceFiles;
  readonly log: Logger;
  /** Runs work after everything asked before. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
}

/** Names whose definition is not the same in both. */
export function changedNames(
  keeper: InterfaceKeeper,
  before: Files,
  now: Files,
): readonly string[] {
  const names = new Set([...keeper.names(before), ...keeper.names(now)]);
  const textIn = (files: Files, name: string): string => {
    const one = keeper.names(files).includes(name) ? keeper.read(files, name) : undefined;
    return one === undefined ? "" : formatHostInterface(one);
  };
  return [...names].filter((name) => textIn(before, name) !== textIn(now, name));
}

export class InterfaceChange {
  readonly #needs: ChangeNeeds;
  readonly #file: NoteFile<PendingChange>;
  #stopWaiting: () => void = () => undefined;

  constructor(needs: ChangeNeeds) {
    this.#needs = needs;
    this.#file = changeFile(needs.lib);
  }

  #read(): Promise<PendingChange | undefined> {
    return this.#file.read((path, why) =>
      this.#needs.log.error(
        { path, why: explainError(why) },
        "a change of host interfaces cannot be taken back: its note is damaged and put aside",
      ),
    );
  }

  /** @throws VireoError `operationInvalid` */
  async #mustBeOpen(toDo: string): Promise<PendingChange> {
    const pending = await this.#read();
    if (pending === undefined) throw invalid(`no transaction running, nothing to ${toDo}.`);
    return pending;
  }

  /** @param seconds after which it is taken back by itself */
  async begin(keeper: InterfaceKeeper, seconds?: number): Promise<void> {
    if ((await this.#read()) !== undefined) throw invalid("there is another transaction running.");
    const files = await keeper.files();
    const pending: PendingChange = {
      keeper: keeper.name,
      boot: await bootId(),
      files: Object.fromEntries(files),
      running: await this.#up(keeper.names(files)),
      touched: [],
      ...(seconds === undefined ? {} : { dueMs: hostClock.now() + seconds * MS_PER_SECOND }),
    };
    await this.#file.write(pending);
    this.#wait(pending);
  }

  /** Interfaces that are about to be set up or taken down. */
  async touch(keeper: InterfaceKeeper, names: readonly string[]): Promise<void> {
    const pending = await this.#read();
    if (pending === undefined) return;
    const before = new Map(Object.entries(pending.files));
    const all = keeper.startsAll ? changedNames(keeper, before, await keeper.files()) : [];
    const touched = [...new Set([...pending.touched, ...names, ...all])];
    await this.#file.write({ ...pending, touched });
  }

  async commit(): Promise<void> {
    const { goingBack } = await this.#mustBeOpen("be committed");
    if (goingBack !== undefined) throw invalid("the transaction is being rolled back");
    this.close();
    await this.#file.remove();
  }

  /** @throws VireoError `operationFailed` when something could not be set up again; the files are as before */
  async rollback(): Promise<void> {
    const pending = await this.#mustBeOpen("rollback");
    this.close();
    await this.#goBack(pending);
  }

  /** What an earlier daemon has left: waits for the rest of its time, or takes it back */
  async recover(): Promise<void> {
    const pending = await this.#read();
    if (pending === undefined) return;
    const another = pending.boot !== (await bootId());
    if (another || pending.goingBack !== undefined) {
      const touched = another ? await this.#sinceBoot(pending) : pending.touched;
      void this.#takeBack({ ...pending, touched });
    } else this.#wait(pending);
  }

  /** The host has set up what it found at its start. */
  async #sinceBoot(pending: PendingChange): Promise<readonly string[]> {
    const keeper = this.#keeperOf(pending);
    const before = new Map(Object.entries(pending.files));
    return changedNames(keeper, before, await keeper.files());
  }

  #wait(pending: PendingChange): void {
    this.close();
    if (pending.dueMs === undefined) return;
    const { dueMs } = pending;
    this.#stopWaiting = whenDue(dueMs, () => {
      void this.#needs
        .inTurn(async () => {
          const now = await this.#read();
          // kept, or another one, in the meantime
          if (now?.dueMs === dueMs) await this.#reported(now);
        })
        .catch(() => undefined);
    });
  }

  #takeBack(pending: PendingChange): Promise<void> {
    return this.#needs.inTurn(() => this.#reported(pending));
  }

  async #reported(pending: PendingChange): Promise<void> {
    const { log } = this.#needs;
    log.warn("a change of host interfaces was not confirmed: it is taken back");
    try {
      await this.#goBack(pending);
    } catch (error) {
      log.error(explainError(error));
      const left = await this.#read();
      if (left !== undefined) this.#againLater();
    }
  }

  #againLater(): void {
    this.#stopWaiting = whenDue(hostClock.now() + AGAIN_MS, () => {
      void this.#needs
        .inTurn(async () => {
          const left = await this.#read();
          if (left?.goingBack !== undefined) await this.#reported(left);
        })
        .catch(() => undefined);
    });
  }

  #keeperOf({ keeper: name }: PendingChange): InterfaceKeeper {
    const keeper = this.#needs.keepers.named(name);
    if (keeper === undefined) throw virError("internalError", `nobody is called ${name}`);
    return keeper;
  }

  async #up(names: readonly string[]): Promise<readonly string[]> {
    const up = await Promise.all(names.map((name) => this.#needs.live.isUp(name)));
    return names.filter((_, at) => up[at]);
  }

  async #plan(keeper: InterfaceKeeper, pending: PendingChange): Promise<GoingBack> {
    const before = new Map(Object.entries(pending.files));
    const now = await keeper.files();
    const { touched, running } = pending;
    const changed = changedNames(keeper, before, now);
    const up = await this.#up([...new Set([...keeper.names(before), ...keeper.names(now)])]);
    const isNew = (name: string): boolean => !keeper.names(before).includes(name);
    return {
      stop: keeper
        .names(now)
        .filter((name) => up.includes(name) && touched.includes(name))
        .filter((name) => changed.includes(name) || !running.includes(name)),
      forget: keeper
        .names(now)
        .filter((name) => isNew(name) && keeper.read(now, name)?.type !== "ethernet"),
      start: keeper
        .names(before)
        .filter((name) => running.includes(name))
        .filter((name) => touched.includes(name) || !up.includes(name)),
    };
  }

  /** Everything is tried, also after something has failed: as much as can be is as before. */
  async #goBack(pending: PendingChange): Promise<void> {
    const keeper = this.#keeperOf(pending);
    const goingBack = pending.goingBack ?? (await this.#plan(keeper, pending));
    await this.#file.write({ ...pending, goingBack });
    const failed: string[] = [];
    const attempt = async (work: () => Promise<void>): Promise<void> =>
      work().catch((error: unknown) => void failed.push(explainError(error)));
    const [now, before] = [await keeper.files(), new Map(Object.entries(pending.files))];
    for (const name of goingBack.stop) {
      const running = keeper.read(now, name);
      // once the files are as before, everything has been taken down
      if (running !== undefined && (await this.#up([name])).length > 0)
        await attempt(() => keeper.stop(running));
    }
    await this.#needs.files.change(keeper, now, before);
    await attempt(() => keeper.settle());
    for (const name of goingBack.forget) await attempt(() => keeper.forget(name));
    for (const name of goingBack.start) {
      const wanted = keeper.read(before, name);
      if (wanted !== undefined) await attempt(() => keeper.start(wanted));
    }
    await this.#file.remove();
    if (failed.length > 0)
      throw virError(
        "operationFailed",
        `the definitions of host interfaces are as before, but not all could be set up: ${failed.join("; ")}`,
      );
  }

  /** Waits no longer; what is open stays open. */
  close(): void {
    this.#stopWaiting();
  }
}
