/** The UEFI variable store a guest gets when it does not name one. */
import type { Domain } from "../domain.ts";
import type { ResolveFacts } from "./facts.ts";

/** Read-only pflash firmware, named by the domain itself, that keeps its variables elsewhere. */
function needsStore({ os }: Domain): boolean {
  const loader = os?.loader;
  return (
    loader?.type === "pflash" &&
    loader.readOnly === true &&
    loader.path !== undefined &&
    loader.stateless !== true
  );
}

/** `<nvramDir>/<name>_VARS.fd` for a guest whose firmware needs a store. */
export function resolveNvram(domain: Domain, { settings }: Pick<ResolveFacts, "settings">): Domain {
  const nvram = domain.os?.nvram ?? { type: "file" };
  if (!needsStore(domain) || nvram.type !== "file" || nvram.path !== undefined) return domain;
  const path = `${settings.nvramDir}/${domain.name}_VARS.fd`;
  return { ...domain, os: { ...domain.os, nvram: { ...nvram, path } } };
}
