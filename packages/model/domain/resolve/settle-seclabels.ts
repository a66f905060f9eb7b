/** Security labels spelled out. */
import type { Domain } from "../domain.ts";
import type { SecurityLabel } from "../security-label.ts";
import type { ResolveFacts } from "./facts.ts";

/** A label without model belongs to the host's first security driver; without any driver there is nothing to label. */
export function settleSeclabels(
  domain: Domain,
  { securityModels = [] }: Pick<ResolveFacts, "securityModels">,
): Domain {
  const { seclabels } = domain;
  if (seclabels === undefined) return domain;
  const [model = "none"] = securityModels;
  return {
    ...domain,
    seclabels: seclabels.map((label) => settle(label, seclabels.length === 1 ? model : undefined)),
  };
}

function settle(label: SecurityLabel, hostModel: string | undefined): SecurityLabel {
  const model = label.model ?? hostModel;
  if (model === "none") return { type: "none", model };
  const type = label.type ?? "dynamic";
  const named = { ...label, type, ...(model === undefined ? {} : { model }) };
  return type === "none" ? named : { ...named, relabel: label.relabel ?? type === "dynamic" };
}
