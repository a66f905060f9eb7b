/**
 * The addresses of guests that were learned, and until when each is the guest's. They outlive the kernel's rules and
 * the daemon: `run/nwfilter-binding/IF.json`.
 */
import type { Heard, Learning } from "./interface-filter.ts";

type Who = Pick<Learning, "mode" | "mac">;

/** Of one guest; an address ends at a time (ms since 1970), or with the guest. */
export interface LearnedBy extends Who {
  readonly addresses: Readonly<Record<string, number | null>>;
}

const SECOND_MS = 1000;
/** A lease without end. */
const FOR_EVER = 0xffff_ffff;

const endOf = (seconds: number, now: number): number | null =>
  seconds === FOR_EVER ? null : now + seconds * SECOND_MS;

const isOf = (one: LearnedBy | undefined, { mode, mac }: Who): one is LearnedBy =>
  one?.mode === mode && one.mac === mac;

/** What is known after something was heard and time went by. */
export function learnedAfter(before: LearnedBy, heard: Heard | undefined, now: number): LearnedBy {
  const { addresses = [], leases = new Map<string, number>(), released = [] } = heard ?? {};
  const all = new Map(Object.entries(before.addresses));
  for (const address of addresses) if (!all.has(address)) all.set(address, null);
  for (const address of released) all.delete(address);
  // who gives an address back and gets it again within one look has it
  for (const [address, seconds] of leases) all.set(address, endOf(seconds, now));
  const valid = [...all].filter(([, until]) => until === null || until > now);
  return { ...before, addresses: Object.fromEntries(valid) };
}

export class LearnedAddresses {
  readonly #known = new Map<string, LearnedBy>();
  readonly #save: (dev: string, learned: LearnedBy) => Promise<void>;

  constructor(save: (dev: string, learned: LearnedBy) => Promise<void>) {
    this.#save = save;
  }

  /** From before; says nothing to the kernel. */
  adopt(dev: string, learned: LearnedBy): void {
    this.#known.set(dev, learned);
  }

  /** With what is known of the guest. */
  completed(dev: string, learning: Learning): Learning {
    const one = this.#known.get(dev);
    return isOf(one, learning) ? { ...learning, known: Object.keys(one.addresses) } : learning;
  }

  /**
   * Notes what was heard, and what ended, once `put` has told the rules.
   * @throws VireoError of `put`, or `systemError`
   */
  async note(
    dev: string,
    { mode, mac, heard }: Who & { readonly heard: Heard | undefined },
    put: (known: readonly string[], gone: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const kept = this.#known.get(dev);
    const before: LearnedBy = isOf(kept, { mode, mac }) ? kept : { mode, mac, addresses: {} };
    const after = learnedAfter(before, heard, Date.now());
    const [had, has] = [Object.keys(before.addresses), Object.keys(after.addresses)];
    const inKernel = new Set([...had, ...(heard?.addresses ?? [])]);
    const gone = [...inKernel].filter((one) => !has.includes(one));
    if (gone.length > 0 || has.some((one) => !had.includes(one))) await put(has, gone);
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    await this.#save(dev, after);
    this.#known.set(dev, after);
  }

  forget(dev: string): void {
    this.#known.delete(dev);
  }
}
