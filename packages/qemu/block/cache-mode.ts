/** Host-cache modes, one row per mode as "Caching" of qemu-block-drivers(7) describes them. */

export const CACHE_MODES = ["none", "writethrough", "writeback", "directsync", "unsafe"] as const;
export type CacheMode = (typeof CACHE_MODES)[number];

interface CacheFlags {
  /** The guest's device announces a volatile write cache. */
  readonly writeback: boolean;
  /** O_DIRECT: the host's page cache is bypassed. */
  readonly direct: boolean;
  /** Flushes from the guest are dropped. */
  readonly noFlush: boolean;
}

const FLAGS: Readonly<Record<CacheMode, CacheFlags>> = {
  none: { writeback: true, direct: true, noFlush: false },
  writeback: { writeback: true, direct: false, noFlush: false },
  unsafe: { writeback: true, direct: false, noFlush: true },
  writethrough: { writeback: false, direct: false, noFlush: false },
  directsync: { writeback: false, direct: true, noFlush: false },
};

const flagsOf = (mode: string | undefined): CacheFlags | undefined => {
  const known = CACHE_MODES.find((one) => one === mode);
  return known === undefined ? undefined : FLAGS[known];
};

/** The `cache` member of a block node; absent when QEMU's default is wanted. */
export function nodeCache(
  mode: string | undefined,
): { readonly direct: boolean; readonly "no-flush": boolean } | undefined {
  const flags = flagsOf(mode);
  return flags && { direct: flags.direct, "no-flush": flags.noFlush };
}

/** The `write-cache` property of the guest's device; absent when QEMU's default is wanted. */
export function deviceWriteCache(mode: string | undefined): "on" | "off" | undefined {
  const flags = flagsOf(mode);
  return flags && (flags.writeback ? "on" : "off");
}
