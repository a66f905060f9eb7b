import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";

/** Where in QEMU's object tree the balloon is; `undefined` when there is none. */
export function balloonPath({ devices }: ResolvedDomain): string | undefined {
  const { memballoon } = devices;
  if (memballoon === undefined || memballoon.model === "none") return undefined;
  return `/machine/peripheral/${memballoon.alias?.name ?? "balloon0"}`;
}
