/** How what is known of a running domain changes when something was done to it. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { LiveDomain } from "../domain-view.ts";

export type Known = (now: LiveDomain) => LiveDomain;

/** Only the running configuration changes. */
export const known =
  (change: (config: ResolvedDomain) => ResolvedDomain): Known =>
  (now) => ({ ...now, config: change(now.config) });
