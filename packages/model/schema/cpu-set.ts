/** Sets of small numbers as libvirt writes them: `0-3,8`; in input `^2` takes one out again. */
import type { Scalar } from "./scalar.ts";

/** One more than the largest member libvirt takes in a CPU set. */
const LIMIT = 16_384;

/** The members in ascending order, or `undefined` when the text is no set. */
export function parseCpuSet(text: string): readonly number[] | undefined {
  const members = new Set<number>();
  for (const part of text.replace(/\s/g, "").split(",")) {
    const found = /^(\^?)(\d+)(?:-(\d+))?$/.exec(part);
    if (found === null) return undefined;
    const first = Number(found[2]);
    const last = Number(found[3] ?? first);
    if (last < first || last >= LIMIT) return undefined;
    for (let one = first; one <= last; one += 1)
      if (found[1] === "^") members.delete(one);
      else members.add(one);
  }
  return [...members].sort((a, b) => a - b);
}

/** Runs written as `first-last`; two neighbours too. */
export function formatCpuSet(members: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const one of members) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === one - 1) run[1] = one;
    else runs.push([one, one]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

/** A set that is not empty. */
export const cpuSet: Scalar<readonly number[]> = {
  read: (raw) => {
    const members = parseCpuSet(raw);
    return members === undefined || members.length === 0 ? undefined : members;
  },
  problem: (raw) =>
    parseCpuSet(raw) === undefined
      ? { message: `Failed to parse bitmap '${raw}'`, fault: "invalidArg" }
      : undefined,
  write: formatCpuSet,
  expects: "a set of numbers such as `0-3,8`",
  json: { type: "array", items: { type: "integer", minimum: 0 } },
};

/** libvirt's words about an empty set in `attribute`. */
export const cpuSetFault = (
  attribute: string,
): { readonly invalid: string; readonly fault: "configUnsupported" } => ({
  invalid: `Invalid value of '${attribute}': %s`,
  fault: "configUnsupported",
});
