import { format } from "../schema/format.ts";
import type { View } from "../schema/view.ts";
import { Domain } from "./domain.ts";
import { withoutImplied } from "./migratable.ts";

/** The domain's XML in libvirt's layout; by default as `virsh dumpxml --inactive` shows it. */
export const formatDomain = (domain: Domain, view: Partial<View> = {}): string =>
  format(Domain, view.migratable === true ? withoutImplied(domain) : domain, {
    live: view.live ?? false,
    secure: view.secure ?? false,
    migratable: view.migratable ?? false,
  });
