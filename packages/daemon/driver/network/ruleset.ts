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
  /** Its expressions, as nft's JSON. */
  readonly text: string;
}
export interface Ruleset {
  readonly chains: readonly BaseChain[];
  readonly rules: readonly FirewallRule[];
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
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
      text: JSON.stringify(one["expr"]),
    })),
  };
}
