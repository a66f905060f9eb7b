/**
 * The known differences from libvirt, each with its reason. A listed case that passes fails the
 * run, so the list only shrinks; a rule names the very text of the difference that it explains.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConformanceResult } from "./result.ts";

interface Known {
  readonly corpus: string;
  readonly reason: string;
  /** Ids of cases. */
  readonly cases?: readonly string[];
  /** Or a pattern that the case's detail must match. */
  readonly detail?: string;
}

export interface Verdict extends ConformanceResult {
  readonly verdict: "passed" | "known" | "failed" | "listed but passes";
  readonly reason?: string;
}

export function readLedger(): readonly Known[] {
  const text = readFileSync(join(import.meta.dirname, "known-differences.json"), "utf8");
  return JSON.parse(text) as readonly Known[]; // ours
}

const explains = (known: Known, result: ConformanceResult): boolean =>
  known.corpus === result.corpus &&
  (known.cases?.includes(result.id) === true ||
    (known.detail !== undefined && new RegExp(known.detail).test(result.detail)));

export function judge(
  results: readonly ConformanceResult[],
  ledger: readonly Known[],
): readonly Verdict[] {
  return results.map((result) => {
    const known = ledger.find((one) => explains(one, result));
    if (!result.passed && known !== undefined)
      return { ...result, verdict: "known", reason: known.reason };
    if (!result.passed) return { ...result, verdict: "failed" };
    const listed = known?.cases?.includes(result.id) === true;
    return { ...result, verdict: listed ? "listed but passes" : "passed" };
  });
}
