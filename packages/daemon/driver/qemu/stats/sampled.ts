/**
 * One question to QEMU that is asked again and again. Whoever asks while an answer is on its way
 * waits for the same one; when it does not come in time, the last answer stands in for it, and as
 * long as the late one is missing nobody waits again.
 */
import { monotonicMs, within } from "../../../host/clock.ts";
import { isError } from "@vireo/model/error";

interface Sample {
  readonly value: unknown;
}

export class Sampled {
  #last: Sample | undefined;
  #pending: { readonly answer: Promise<Sample | undefined>; readonly since: number } | undefined;

  /** `undefined` when QEMU does not know the answer, or has never given one. */
  async read(ask: () => Promise<unknown>, deadlineMs: number): Promise<unknown> {
    this.#pending ??= { answer: this.#ask(ask), since: monotonicMs() };
    const { answer, since } = this.#pending;
    const left = deadlineMs - (monotonicMs() - since);
    const fresh = left > 0 ? await within(left, answer) : undefined;
    return (fresh ?? this.#last)?.value;
  }

  async #ask(ask: () => Promise<unknown>): Promise<Sample | undefined> {
    try {
      this.#last = { value: await ask() };
      return this.#last;
    } catch (error) {
      // a guest that is only late is still the same; one that refuses has something else to say now
      if (!isError(error, "operationTimeout")) this.#last = undefined;
      return undefined;
    } finally {
      this.#pending = undefined;
    }
  }
}
