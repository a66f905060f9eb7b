/** Writes one domain's status file: one write at a time, the newest wins. */
import type { DomainStatus } from "../../state/domain-status.ts";

export interface StatusStore {
  readonly saveStatus: (status: DomainStatus) => Promise<void>;
  readonly removeStatus: (name: string) => Promise<void>;
}

type Wanted = { readonly save: DomainStatus } | { readonly remove: string };

export class StatusKeeper {
  readonly #store: StatusStore;
  readonly #onFault: (error: unknown) => void;
  #wanted: Wanted | undefined;
  #working: Promise<void> | undefined;

  /** `onFault` hears of failed writes that nobody waits for. */
  constructor(store: StatusStore, onFault: (error: unknown) => void) {
    this.#store = store;
    this.#onFault = onFault;
  }

  /** Soon; statuses that a newer one overtakes are never written. */
  keep(status: DomainStatus): void {
    this.#want({ save: status });
  }

  drop(name: string): void {
    this.#want({ remove: name });
  }

  /** Resolves when the file says what was last asked for. */
  async settled(): Promise<void> {
    await this.#working;
  }

  #want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    for (let wanted = this.#wanted; wanted !== undefined; wanted = this.#wanted) {
      this.#wanted = undefined;
      try {
        if ("save" in wanted) await this.#store.saveStatus(wanted.save);
        else await this.#store.removeStatus(wanted.remove);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }
}
