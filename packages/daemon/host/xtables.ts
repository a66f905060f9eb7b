/** The tables of iptables, ip6tables and ebtables: what is there, and changes that happen at once. */
import { execProgram } from "./exec.ts";
import { faultPoint } from "./fault-point.ts";

export type XtablesTool = "iptables" | "ip6tables" | "ebtables";

/** A word as it stands in a line. */
const quoted = (word: string): string =>
  /^[\w./:!,@+-]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, "\\$&")}"`;
export const lineOfWords = (words: readonly string[]): string => words.map(quoted).join(" ");

/** One table as it is. */
export interface SavedTable {
  readonly chains: ReadonlySet<string>;
  /** What becomes of packets that no rule of a chain of the kernel decides about. */
  readonly policies: ReadonlyMap<string, string>;
  /** Without `-A`: the chain, and the rest. */
  readonly rules: readonly { readonly chain: string; readonly text: string }[];
}

function readSaved(text: string): SavedTable {
  const lines = text.split("\n");
  return {
    chains: new Set(lines.flatMap((line) => /^:(\S+)/.exec(line)?.[1] ?? [])),
    policies: new Map(
      lines.flatMap((line) => {
        const [, chain, policy = "-"] = /^:(\S+) (\S+)/.exec(line) ?? [];
        return chain === undefined || policy === "-" ? [] : [[chain, policy] as const];
      }),
    ),
    rules: lines.flatMap((line) => {
      const [, chain, rest = ""] = /^-A (\S+) ?(.*)$/.exec(line) ?? [];
      return chain === undefined ? [] : [{ chain, text: rest }];
    }),
  };
}

/** Where a rule goes on. */
export const goalOf = (text: string): string | undefined => /-[jg] (\S+)/.exec(text)?.[1];

/** Lines that take chains away, with all that leads to them. */
export function dropped(
  { chains, rules }: SavedTable,
  isOurs: (chain: string) => boolean,
): readonly string[] {
  const ours = [...chains].filter(isOurs);
  return [
    ...rules
      .filter(({ chain, text }) => !isOurs(chain) && isOurs(goalOf(text) ?? ""))
      .map(({ chain, text }) => `-D ${chain} ${text}`),
    ...ours.map((chain) => `-F ${chain}`),
    ...ours.map((chain) => `-X ${chain}`),
  ];
}

/** @throws VireoError `internalError` */
export async function savedTable(tool: XtablesTool, table: string): Promise<SavedTable> {
  return readSaved((await execProgram(`${tool}-save`, ["-t", table])).stdout);
}

/** Rules that dropped packets, with how many. @throws VireoError `internalError` */
export async function droppingRules(
  tool: XtablesTool,
  table: string,
): Promise<readonly { readonly chain: string; readonly text: string; readonly packets: number }[]> {
  const { stdout } = await execProgram(`${tool}-save`, ["-c", "-t", table]);
  return stdout.split("\n").flatMap((line) => {
    const [, packets, chain, text] =
      /^\[(\d+):\d+\] -A (\S+) (.*-j (?:DROP|REJECT).*)$/.exec(line) ?? [];
    return chain === undefined || text === undefined || Number(packets) === 0
      ? []
      : [{ chain, text, packets: Number(packets) }];
  });
}

/** All of the lines are in force, or nothing. @throws VireoError `internalError` with what is wrong */
export async function changeTable(
  tool: XtablesTool,
  table: string,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return;
  const input = [`*${table}`, ...lines, "COMMIT", ""].join("\n");
  faultPoint(`before changing ${table} of ${tool}`);
  await execProgram(`${tool}-restore`, ["--noflush"], { input });
  faultPoint(`after changing ${table} of ${tool}`);
}

/** Makes chains that rules go to, where they are not; each is gone to from a chain of the kernel. */
export function missingChains(
  { chains, rules }: SavedTable,
  jumps: readonly (readonly [from: string, at: number, chain: string])[],
): readonly string[] {
  const leads = (from: string, goal: string): boolean =>
    rules.some(({ chain, text }) => chain === from && text === `-j ${goal}`);
  return [
    ...jumps.filter(([, , name]) => !chains.has(name)).map(([, , name]) => `:${name} - [0:0]`),
    ...jumps
      .filter(([from, , goal]) => !leads(from, goal))
      .map(([from, at, goal]) => `-I ${from} ${at} -j ${goal}`),
  ];
}

/** Lines that take such chains away when none of them has a rule any more. */
export function emptyChains(saved: SavedTable, names: ReadonlySet<string>): readonly string[] {
  return saved.rules.some(({ chain }) => names.has(chain))
    ? []
    : dropped(saved, (chain) => names.has(chain));
}
