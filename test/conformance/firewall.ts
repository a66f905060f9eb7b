/** libvirt's rules of networks and filters: the words of iptables, ip6tables and ebtables. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { networkRules } from "../../packages/daemon/driver/network/network-xtables.ts";
import { frameChainsOf } from "../../packages/daemon/driver/nwfilter/xtables-interface.ts";
import { packetLines } from "../../packages/daemon/driver/nwfilter/xtables-packet.ts";
import { parseNetwork } from "../../packages/model/network/parse-network.ts";
import { expandFilter } from "../../packages/model/nwfilter/expand-filter.ts";
import { parseNwFilter } from "../../packages/model/nwfilter/nwfilter.ts";
import { type CorpusCase, readManifest } from "./manifest.ts";
import { type ConformanceResult, messageOf } from "./result.ts";

interface FirewallCase extends CorpusCase {
  readonly interface?: string;
  readonly variables?: Readonly<Record<string, readonly string[]>>;
}
/** A command line, its words joined. */
type Commands = readonly string[];

function compared(
  corpus: string,
  one: FirewallCase,
  commands: (xml: string) => Commands,
): ConformanceResult {
  const result = { corpus, tier: one.kind, id: one.id };
  const read = (path: string): string => readFileSync(join(corpus, one.kind, path), "utf8");
  try {
    const goldens = JSON.parse(read(one.expected ?? "")) as string[][];
    const expected = byChain(rulesOnly(goldens).map(renamed));
    const actual = byChain(commands(read(one.input)));
    const at = expected.findIndex((line, index) => actual[index] !== line);
    const same = at < 0 && actual.length === expected.length;
    const detail = `got '${actual[Math.max(at, 0)]}', expected '${expected[Math.max(at, 0)]}'`;
    return { ...result, passed: same, detail: same ? "" : detail };
  } catch (error) {
    return { ...result, passed: false, detail: messageOf(error) };
  }
}

const CONCURRENCY = new Set(["-w", "--concurrent"]);
const LEADS_TO = /^ebtables -t nat -A (?:PRE|POST)ROUTING /;

/** Without how chains are made, gone to and swept, which we do in transactions. */
const rulesOnly = (commands: readonly (readonly string[])[]): Commands =>
  commands
    .map((words) => words.filter((word) => !CONCURRENCY.has(word)).join(" "))
    .filter((text) => / (?:-A|--insert) /.test(text) && !LEADS_TO.test(text));

function networkCommands(xml: string): Commands {
  const { network } = parseNetwork(xml, () => "00000000-0000-4000-8000-000000000000");
  return networkRules(network).map(({ tool, table, chain, words }) =>
    [tool, "--table", table, "--insert", chain, ...words].join(" "),
  );
}

/** libvirt fills chains of other names first, and gives them theirs when all went well. */
const FINAL: Readonly<Record<string, string>> = {
  "libvirt-J": "libvirt-I",
  "libvirt-P": "libvirt-O",
  J: "I",
  P: "O",
  FJ: "FI",
  FP: "FO",
  HJ: "HI",
};
const renamed = (text: string): string =>
  text.replaceAll(
    /(?<=-[Aj] )(libvirt-[JP]|FJ|FP|HJ|J|P)(?=-vnet0)/g,
    (prefix) => FINAL[prefix] ?? prefix,
  );

/** Rules of one chain after the other: what counts is their order in their chain. */
function byChain(commands: Commands): Commands {
  const placeOf = (text: string): string => / (?:-A|--insert) \S+/.exec(text)?.[0] ?? "";
  const groups = Map.groupBy(commands, (text) => `${text.split(" ")[0]}${placeOf(text)}`);
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, all]) => all);
}

const filterCommands =
  ({ interface: dev = "vnet0", variables = {} }: FirewallCase) =>
  (xml: string): Commands => {
    const filter = parseNwFilter(xml, () => "u");
    const context = { find: () => filter, learned: new Set<string>() };
    const chains = expandFilter(filter.name, new Map(Object.entries(variables)), context);
    const frames = frameChainsOf({ dev, chains }).flatMap(({ name, rules }) =>
      rules.map((rule) => `ebtables -t nat -A ${name} ${rule}`),
    );
    const packets = (["iptables", "ip6tables"] as const).flatMap((tool) =>
      packetLines({ dev, chains }, tool).map(
        ({ chain, words }) => `${tool} -A ${chain} ${words.join(" ")}`,
      ),
    );
    return [...frames, ...packets];
  };

/** Corpus network-firewall. */
export const runNetworkFirewall = (corpus: string): readonly ConformanceResult[] =>
  (readManifest(corpus, "network-firewall") as readonly FirewallCase[]).map((one) =>
    compared(corpus, one, networkCommands),
  );

/** Corpus nwfilter-firewall. */
export const runFilterFirewall = (corpus: string): readonly ConformanceResult[] =>
  (readManifest(corpus, "nwfilter-firewall") as readonly FirewallCase[]).map((one) =>
    compared(corpus, one, filterCommands(one)),
  );
