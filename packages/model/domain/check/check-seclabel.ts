/** Security labels: one per security driver. */
import type { Domain } from "../domain.ts";
import { unsupported, wrongDetail, wrongXml } from "./refuse.ts";

/** Several labels name their drivers, each once. */
export function checkSeclabels({ seclabels = [] }: Domain): void {
  const seen = new Set<string>();
  for (const { model } of seclabels) {
    if (model !== undefined && seen.has(model))
      wrongDetail(`seclabel for model ${model} is already provided`);
    if (model !== undefined) seen.add(model);
  }
  if (seclabels.length > 1 && seclabels.some(({ model }) => model === undefined))
    wrongXml("missing security model when using multiple labels");
}

/** A given label is given; a chosen one reaches all files. */
export function checkSeclabelParts({ seclabels = [] }: Domain): void {
  for (const { type, label, relabel, model } of seclabels) {
    if (model === "none") continue;
    if (type === "static" && label === undefined) wrongXml("security label is missing");
    if ((type ?? "dynamic") === "dynamic" && relabel === false)
      unsupported("dynamic label type must use resource relabeling");
  }
}

/** Labels of one source: each security driver once. */
export function checkSourceSeclabels({ devices }: Domain): void {
  for (const { source } of devices?.disks ?? []) {
    const models = (source?.seclabels ?? []).map(({ model }) => model);
    const twice = models.find((model, at) => models.indexOf(model) !== at);
    if (twice !== undefined) wrongDetail(`seclabel for model ${twice} is already provided`);
  }
}
