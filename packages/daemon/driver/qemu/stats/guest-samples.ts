/** What was last heard of each running guest, kept as long as it runs. */
import type { JsonObject } from "@vireo/qemu/json";
import type { DomainActor } from "../domain-actor.ts";
import { Sampled } from "./sampled.ts";

/** How long a guest may take to answer what one caller asks of it. */
const DEADLINE_MS = 700;
/** The same for callers that would rather have older figures. */
const NOWAIT_MS = 50;

interface Run {
  /** Pid and start time of the process that answered. */
  readonly process: string;
  readonly questions: Map<string, Sampled>;
}

export type Question = readonly [command: string, args?: JsonObject | undefined];

export class GuestSamples {
  readonly #runs = new WeakMap<DomainActor, Run>();

  /**
   * QEMU's answer, or the last one when it takes too long; `undefined` when there is none or the
   * domain does not run. Beside the turns: a question that changes nothing waits for no change.
   */
  async ask(actor: DomainActor, question: Question, nowait = false): Promise<unknown> {
    if (actor.view.live === undefined) return undefined;
    const questions = this.#questionsOf(actor);
    const key = JSON.stringify(question);
    const sampled = questions.get(key) ?? new Sampled();
    questions.set(key, sampled);
    const [command, args] = question;
    return sampled.read(() => actor.ask(command, args), nowait ? NOWAIT_MS : DEADLINE_MS);
  }

  #questionsOf(actor: DomainActor): Run["questions"] {
    const { pid, startTime } = actor.view.live?.process ?? { pid: 0, startTime: 0 };
    const process = `${pid}/${startTime}`;
    const known = this.#runs.get(actor);
    if (known?.process === process) return known.questions;
    const run: Run = { process, questions: new Map() };
    this.#runs.set(actor, run);
    return run.questions;
  }
}
