/** For whom the daemon works just now: what it keeps meanwhile can say who wanted it, however deep it is written. */
import { AsyncLocalStorage } from "node:async_hooks";

export interface Behalf {
  /** The caller's name, as the audit has it. */
  readonly by: string;
  /** `domain.define` */
  readonly operation: string;
}

const storage = new AsyncLocalStorage<Behalf>();

/** Does `work`, and all that it waits for, on somebody's behalf. */
export const onBehalf = <T>(behalf: Behalf, work: () => T): T => storage.run(behalf, work);

/** Undefined where the daemon acts by itself. */
export const behalf = (): Behalf | undefined => storage.getStore();
