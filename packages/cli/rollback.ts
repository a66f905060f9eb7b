/** Steps that are taken back, last first, when a later one fails. */
export class Rollback {
  readonly #undos: (() => Promise<unknown>)[] = [];

  /** Remembers how to take back what was just done. */
  add(undo: () => Promise<unknown>): void {
    this.#undos.push(undo);
  }

  /** Does `work`; when it fails, what it has added is undone and the first error is thrown. */
  static async around<T>(work: (steps: Rollback) => Promise<T>): Promise<T> {
    const steps = new Rollback();
    try {
      return await work(steps);
    } catch (error) {
      // what cannot be undone must not hide why that was necessary
      for (const undo of steps.#undos.toReversed()) await undo().catch(() => undefined);
      throw error;
    }
  }
}
