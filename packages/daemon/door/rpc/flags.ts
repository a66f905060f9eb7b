/** The flag words of libvirt's calls, read into the named booleans of an operation. */
import { badArgument, virError } from "@vireo/model/error";

type Bits = Readonly<Record<string, number>>;
export type Flags<B extends Bits> = { readonly [K in keyof B]?: true };

/**
 * Names the bits that are set. `call` is libvirt's name of the driver function, for the message.
 * @throws VireoError `invalidArg` when a bit has no name in `bits`
 */
export function readFlags<const B extends Bits>(word: number, bits: B, call: string): Flags<B> {
  const known = Object.values(bits).reduce((all, bit) => all | bit, 0);
  const stray = (word & ~known) >>> 0;
  if (stray !== 0)
    throw badArgument(`unsupported flags (0x${stray.toString(16)}) in function ${call}`, {
      function: call,
      argument: "flags",
    });
  const set = Object.entries(bits).filter(([, bit]) => (word & bit) !== 0);
  return Object.fromEntries(set.map(([name]) => [name, true])) as Flags<B>; // keys come from B
}

/** @throws VireoError `rpc` with `what` when a count is over its limit */
export function atMost(limit: number, got: number, what: string): number {
  if (got > limit) throw virError("rpc", what, { from: 7 });
  return got;
}

/** The client takes typed parameters that are strings. */
export const STRINGS = { stringOkay: 4 } as const;

/** libvirt's virDomainModificationImpact. */
export const AFFECT = { live: 1, config: 2 } as const;
