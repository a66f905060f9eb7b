/** What takes back a multi-step action that failed half-way. */

type Step = () => unknown;

/**
 * Collects the undo of every step done. `run` performs them backwards, each whatever became of the
 * others, and reports what failed; `forget` is for when the action has succeeded.
 */
export class Undo {
  readonly #steps: { readonly what: string; readonly step: Step }[] = [];

  /** `what` names the step in the report. */
  add(what: string, step: Step): void {
    this.#steps.push({ what, step });
  }

  forget(): void {
    this.#steps.length = 0;
  }

  async run(report: (what: string, error: unknown) => void): Promise<void> {
    for (let last = this.#steps.pop(); last !== undefined; last = this.#steps.pop()) {
      try {
        await last.step();
      } catch (error) {
        report(last.what, error);
      }
    }
  }
}
