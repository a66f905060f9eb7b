/** Lets vireod die at point after point of a work and looks each time what is left. */
import { checkAfterCrash, checkObeys, CrashFault, type FaultKind } from "./crash-check.ts";
import { pictureOf, type Picture } from "./crash-picture.ts";
import { GUEST } from "./crash-guest.ts";
import { CrashStage } from "./crash-stage.ts";
import { spread, type Point } from "./fuse.ts";
import type { CrashWork } from "./crash-works.ts";
import { explainError } from "@vireo/model/error";

export interface Found {
  readonly kind: FaultKind;
  /** Which point, and what was wrong. */
  readonly what: string;
}

/** How one work came through. */
export interface Walked {
  readonly work: string;
  /** Points at which the daemon died. */
  readonly points: number;
  /** Points of the work that were not passed the second time. */
  readonly missed: readonly Point[];
  readonly faults: readonly Found[];
}

/** One stage, made anew after a fault: nobody knows what that has left. */
export class CrashWalker {
  #stage: CrashStage | undefined;

  async #fresh(): Promise<CrashStage> {
    if (this.#stage !== undefined) return this.#stage;
    this.#stage = new CrashStage();
    await this.#stage.begin();
    return this.#stage;
  }

  async #prepared({ before }: CrashWork): Promise<CrashStage> {
    const stage = await this.#fresh();
    await stage.clear();
    await stage.ask(...before);
    return stage;
  }

  async cleanUp(): Promise<void> {
    await this.#stage?.cleanUp();
    this.#stage = undefined;
  }

  /** How it is before and after the work, and the points between them. */
  async #looked(work: CrashWork): Promise<{
    readonly pictures: readonly (Picture | undefined)[];
    readonly points: readonly Point[];
  }> {
    const stage = await this.#prepared(work);
    const before = await pictureOf(stage);
    const points = await stage.record(work.work);
    const after = await pictureOf(stage);
    await this.#off(stage);
    return { pictures: [before, after], points };
  }

  /** The guest is off, whatever the work has done. */
  async #off(stage: CrashStage): Promise<void> {
    if (stage.processes > 0) await stage.ask(`destroy ${GUEST}`);
  }

  /** @returns whether the point was passed @throws CrashFault */
  async #dies(
    work: CrashWork,
    point: Point,
    pictures: readonly (Picture | undefined)[],
  ): Promise<boolean> {
    const stage = await this.#prepared(work);
    const died = await stage.dieAt(point, work.work);
    if (!died) {
      await this.#off(stage);
      return false;
    }
    const journal = stage.journal();
    await stage.start();
    const found = await checkAfterCrash(stage, {
      pictures,
      journal,
      mayHaveJobs: work.mayHaveJobs === true,
    });
    if (found === undefined) return true;
    await work.check?.(stage);
    const now = work.check === undefined ? found : await pictureOf(stage);
    await checkObeys(stage, now ?? found);
    return true;
  }

  /** Takes at most so many points, spread over the work. */
  async walk(work: CrashWork, atMost = Number.POSITIVE_INFINITY): Promise<Walked> {
    const { pictures, points } = await this.#looked(work);
    const faults: Found[] = [];
    const missed: Point[] = [];
    const wanted = spread(points, atMost);
    for (const point of wanted) {
      try {
        if (!(await this.#dies(work, point, pictures))) missed.push(point);
      } catch (error) {
        const kind = error instanceof CrashFault ? error.kind : "other";
        const log = this.#stage?.log ?? "";
        faults.push({ kind, what: `${point.at} (${point.nth}): ${explainError(error)}\n${log}` });
        await this.cleanUp();
      }
    }
    return { work: work.name, points: wanted.length - missed.length, missed, faults };
  }
}
