/** What holds a guest up, judged from its last figures. Pure. */
import type { GuestHistory } from "../data/guest-history.ts";

export type Hint =
  | { readonly kind: "steal"; readonly part: number }
  | { readonly kind: "cpu"; readonly part: number }
  | { readonly kind: "memory"; readonly part: number }
  | { readonly kind: "disk"; readonly ms: number }
  | { readonly kind: "drops"; readonly perSecond: number };

/** Samples that count as "now". */
const LATELY = 5;

/** Limits above which a user notices; rules of thumb, not of any standard. */
const STEAL = 0.1;
const BUSY = 0.9;
const MEMORY_LEFT = 0.05;
const SLOW_REQUEST_S = 0.05;
const DROPS = 1;

const mean = (values: readonly number[]): number => {
  const lately = values.slice(-LATELY);
  return lately.length === 0 ? 0 : lately.reduce((sum, one) => sum + one, 0) / lately.length;
};

/** The hints, the likeliest first; empty when nothing stands out. */
export function whySlow(history: GuestHistory, vcpus: number): readonly Hint[] {
  const hints: Hint[] = [];
  const steal = mean(history.steal) / vcpus;
  const cpu = mean(history.cpu) / vcpus;
  const memory = mean(history.memory);
  const unused = mean(history.unused);
  const request = mean(history.waited) / Math.max(1, mean(history.requests));
  const drops = mean(history.dropped);
  if (steal > STEAL) hints.push({ kind: "steal", part: steal });
  if (cpu > BUSY) hints.push({ kind: "cpu", part: cpu });
  if (unused > 0 && unused / memory < MEMORY_LEFT)
    hints.push({ kind: "memory", part: unused / memory });
  if (request > SLOW_REQUEST_S) hints.push({ kind: "disk", ms: request * 1000 });
  if (drops > DROPS) hints.push({ kind: "drops", perSecond: drops });
  return hints;
}
