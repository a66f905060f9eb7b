/** Compares what the two daemons said, and sums up by command. */
import type { ConformanceResult } from "../result.ts";
import type { Verdict } from "../ledger.ts";
import type { Answer } from "./side.ts";

const SHOWN_LINES = 12;

/** Lines that only one of the two said: `-` the real one, `+` ours. */
export function difference(expected: string, actual: string): string {
  const [theirs, ours] = [expected.split("\n"), actual.split("\n")];
  const missing = theirs.filter((line) => !ours.includes(line)).map((line) => `- ${line}`);
  const extra = ours.filter((line) => !theirs.includes(line)).map((line) => `+ ${line}`);
  const lines = [...missing.slice(0, SHOWN_LINES), ...extra.slice(0, SHOWN_LINES)];
  return lines.length === 0 ? "the same lines in another order or number" : lines.join("\n");
}

/** One result for each line of a scene. */
export const compareScene = (
  title: string,
  expected: readonly Answer[],
  actual: readonly Answer[],
): readonly ConformanceResult[] =>
  expected.map(({ line, command, said }, index) => {
    const ours = actual[index]?.said ?? "";
    const same = said === ours;
    return {
      corpus: "virsh",
      tier: command,
      id: `${title}: ${line}`,
      passed: same,
      detail: same ? "" : difference(said, ours),
    };
  });

export interface CommandSummary {
  readonly command: string;
  readonly outcome: "same" | "ledgered" | "differs" | "not applicable" | "not asked";
  readonly asked: number;
  readonly differing: number;
  readonly why: string;
}

const firstLine = (verdict: Verdict): string =>
  `${verdict.id}: ${verdict.detail.split("\n").slice(0, 2).join(" ")}`.slice(0, 160);

export function summarise(command: string, verdicts: readonly Verdict[]): CommandSummary {
  const mine = verdicts.filter(({ tier }) => tier === command);
  const failed = mine.filter(({ verdict }) => verdict === "failed");
  const known = mine.filter(({ verdict }) => verdict === "known");
  const base = { command, asked: mine.length, differing: failed.length };
  const [worst] = failed;
  if (worst !== undefined) return { ...base, outcome: "differs", why: firstLine(worst) };
  if (mine.length === 0) return { ...base, outcome: "not asked", why: "" };
  if (known[0] === undefined) return { ...base, outcome: "same", why: "" };
  return { ...base, outcome: "ledgered", why: known[0].reason ?? "" };
}
