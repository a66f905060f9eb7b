/** What nftables on this host does with packets that pass through it: asked, not changed. */
import { execProgram } from "../../host/exec.ts";

export interface BaseChain {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly hook: string;
  readonly policy: string;
}
export interface FirewallRule {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly handle: number;
  /** Matches, statements and the verdict, as nft describes them. */
  readonly expressions: readonly Expression[];
}
export type Expression = Fields;
export interface Ruleset {
  readonly chains: readonly BaseChain[];
  readonly rules: readonly FirewallRule[];
}

export type Fields = Readonly<Record<string, unknown>>;
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null;
const word = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === "string" ? value : "";
};

function entriesOf(json: string): readonly Fields[] {
  const parsed: unknown = JSON.parse(json);
  if (!isFields(parsed) || !Array.isArray(parsed["nftables"])) return [];
  const entries: readonly unknown[] = parsed["nftables"];
  return entries.filter(isFields);
}

const placeOf = (fields: Fields): { family: string; table: string } => ({
  family: word(fields, "family"),
  table: word(fields, "table"),
});

interface ChainPlace {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
}
export const chainKey = ({ family, table, chain }: ChainPlace): string =>
  `${family} ${table} ${chain}`;

/** The rule as nft writes it. @throws VireoError `internalError` when nft does not answer */
export async function ruleText({ handle, ...place }: FirewallRule): Promise<string> {
  const { stdout } = await execProgram("nft", [
    "-a",
    "list",
    "chain",
    ...chainKey(place).split(" "),
  ]);
  const line = stdout.split("\n").find((one) => one.endsWith(` # handle ${handle}`)) ?? "";
  return line
    .replace(/ # handle \d+$/, "")
    .replace(/counter packets \d+ bytes \d+ /, "")
    .trim();
}

/** @throws VireoError `internalError` when nft does not answer */
export async function readRuleset(): Promise<Ruleset> {
  const entries = entriesOf((await execProgram("nft", ["-j", "list", "ruleset"])).stdout);
  const all = (kind: string): readonly Fields[] =>
    entries.flatMap((one) => (isFields(one[kind]) ? [one[kind]] : []));
  return {
    chains: all("chain").flatMap((one) =>
      word(one, "hook") === ""
        ? []
        : [
            {
              ...placeOf(one),
              chain: word(one, "name"),
              hook: word(one, "hook"),
              policy: word(one, "policy"),
            },
          ],
    ),
    rules: all("rule").map((one) => ({
      ...placeOf(one),
      chain: word(one, "chain"),
      handle: Number(one["handle"]),
      expressions: Array.isArray(one["expr"]) ? one["expr"].filter(isFields) : [],
    })),
  };
}
