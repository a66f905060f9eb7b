/**
 * Our one table of nftables, in the bridge family. Everything about an interface changes in one
 * transaction: either all of it is in force, or what was before.
 */
import { execProgram } from "../../host/exec.ts";
import type { DroppedPackets } from "../contract.ts";
import { heardOf, type Listed } from "./heard.ts";
import type { FilterBackend, Heard, InterfaceFilter } from "./interface-filter.ts";
import {
  type BridgeAbilities,
  entryChains,
  type InterfaceRules,
  interfaceRules,
  learningOnly,
} from "./interface-rules.ts";
import { addressSet, leaseMap, type NamedSet, releaseSet } from "./learning-rules.ts";

const TABLE = "bridge vireo_nwfilter";
/**
 * Names, hooks and what is looked up; addresses are learned before ebtables could drop a frame, and
 * frames filtered before connections are known.
 */
const ENTRIES = [
  { map: "out", hook: "prerouting priority -310", key: "iifname" },
  { map: "in", hook: "postrouting priority 300", key: "oifname" },
  { map: "out-ip", hook: "prerouting priority -150", key: "iifname" },
  { map: "in-ip", hook: "forward priority 0", key: "oifname" },
] as const;

const skeleton = (): readonly string[] => [
  `add table ${TABLE}`,
  ...ENTRIES.flatMap(({ map, hook }) => [
    `add map ${TABLE} ${map} { type ifname : verdict; }`,
    `add chain ${TABLE} all-${map} { type filter hook ${hook}; policy accept; }`,
  ]),
  ...ENTRIES.flatMap(({ map, key }) => [
    `flush chain ${TABLE} all-${map}`,
    `add rule ${TABLE} all-${map} ${key} vmap @${map}`,
  ]),
];

/** What of an interface is in the kernel now. */
interface Present {
  readonly chains: readonly string[];
  readonly sets: readonly Pick<NamedSet, "kind" | "name">[];
  /** Whether the table's maps lead to it. */
  readonly entered: boolean;
}

const setLines = ({ kind, name, declared, addresses, emptied }: NamedSet): readonly string[] => [
  `add ${kind} ${TABLE} ${name} { ${declared} }`,
  ...(emptied ? [`flush ${kind} ${TABLE} ${name}`] : []),
  ...(addresses.length === 0 ? [] : [`add element ${TABLE} ${name} { ${addresses.join(", ")} }`]),
];
const deleteSet = ({ kind, name }: Pick<NamedSet, "kind" | "name">): string =>
  `delete ${kind} ${TABLE} ${name}`;

function added({ dev, chains, sets }: InterfaceRules, present: Present): readonly string[] {
  const wanted = new Set(chains.map(({ name }) => name));
  const stale = present.chains.filter((name) => !wanted.has(name));
  return [
    ...sets.flatMap(setLines),
    ...chains.map(({ name }) => `add chain ${TABLE} ${name}`),
    ...[...wanted, ...stale].map((name) => `flush chain ${TABLE} ${name}`),
    ...chains.flatMap(({ name, rules }) =>
      rules.map((rule) => `add rule ${TABLE} ${name} ${rule}`),
    ),
    ...stale.map((name) => `delete chain ${TABLE} ${name}`),
    ...present.sets.filter(({ name }) => !sets.some((one) => one.name === name)).map(deleteSet),
    ...Object.entries(entryChains(dev)).map(
      ([map, chain]) => `add element ${TABLE} ${map} { "${dev}" : jump ${chain} }`,
    ),
  ];
}

function removed(dev: string, { chains, sets, entered }: Present): readonly string[] {
  const maps = entered ? ENTRIES.map(({ map }) => map) : [];
  return [
    ...maps.map((map) => `delete element ${TABLE} ${map} { "${dev}" }`),
    ...chains.map((name) => `flush chain ${TABLE} ${name}`),
    ...chains.map((name) => `delete chain ${TABLE} ${name}`),
    ...sets.map(deleteSet),
  ];
}

/** The interface that a chain or set belongs to. */
const deviceOf = (name: string | undefined): string => name?.split("/")[1] ?? "";

/** What was heard is in the maps at once; the daemon need not hurry. */
const HEAR_MS = 1000;

const STOPPED = /counter packets (\d+) bytes \d+ (?:drop|reject)/;

export class FilterTable implements FilterBackend {
  readonly hearMs = HEAR_MS;
  #abilities: Promise<BridgeAbilities> | undefined;

  async #nft(lines: readonly string[], ...options: readonly string[]): Promise<void> {
    await execProgram("nft", [...options, "-f", "-"], { input: `${lines.join("\n")}\n` });
  }

  /** Whether the kernel takes a rule, without putting it in force. */
  async #takes(rule: string): Promise<boolean> {
    const table = "bridge vireo_nwfilter_probe";
    const chain = `${table} probe`;
    const hook = "{ type filter hook prerouting priority 0; }";
    const lines = [`add table ${table}`, `add chain ${chain} ${hook}`, `add rule ${chain} ${rule}`];
    return this.#nft(lines, "-c").then(
      () => true,
      () => false,
    );
  }

  /** What the kernel can do, found out once. */
  abilities(): Promise<BridgeAbilities> {
    this.#abilities ??= Promise.all([this.#takes("ct state new"), this.#takes("reject")]).then(
      ([connections, reject]) => ({ connections, reject }),
    );
    return this.#abilities;
  }

  async #objects(): Promise<readonly Listed[]> {
    const { stdout } = await execProgram("nft", ["-j", "list", "table", ...TABLE.split(" ")]).catch(
      () => ({ stdout: '{"nftables":[]}' }), // there is no table yet
    );
    // nft describes each object in a record of its own
    const { nftables } = JSON.parse(stdout) as { nftables: readonly Listed[] };
    return nftables;
  }

  /** What there is by interface; an interface that has nothing is not in it. */
  async #listed(): Promise<(dev: string) => Present> {
    const objects = await this.#objects();
    const names = (kind: string): readonly string[] =>
      objects.flatMap((one) => one[kind]?.name ?? []).filter((name) => name.includes("/"));
    const ownOf = (kind: string, dev: string): readonly string[] =>
      names(kind).filter((name) => deviceOf(name) === dev);
    return (dev) => {
      const chains = ownOf("chain", dev);
      const sets = (["set", "map"] as const).flatMap((kind) =>
        ownOf(kind, dev).map((name) => ({ kind, name })),
      );
      return { chains, sets, entered: chains.length > 0 };
    };
  }

  async #put(interfaces: readonly InterfaceRules[]): Promise<void> {
    if (interfaces.length === 0) return;
    const present = await this.#listed();
    await this.#nft([...skeleton(), ...interfaces.flatMap((one) => added(one, present(one.dev)))]);
  }

  async replace(filters: readonly InterfaceFilter[]): Promise<void> {
    const abilities = await this.abilities();
    await this.#put(filters.map((one) => interfaceRules(one, abilities)));
  }

  /** Notes the addresses of these guests, and filters nothing. @throws VireoError `internalError` */
  learn(filters: readonly InterfaceFilter[]): Promise<void> {
    return this.#put(filters.map(learningOnly));
  }

  async heard(): Promise<ReadonlyMap<string, Heard>> {
    const objects = await this.#objects();
    const heard = heardOf(objects);
    const taken = [...heard].flatMap(([dev, { leases, released }]) => [
      ...[...leases.keys()].map((one) => `delete element ${TABLE} ${leaseMap(dev)} { ${one} }`),
      ...released.map((one) => `delete element ${TABLE} ${releaseSet(dev)} { ${one} }`),
    ]);
    if (taken.length > 0) await this.#nft(taken);
    return heard;
  }

  async readdress({ dev, learning }: InterfaceFilter, gone: readonly string[]): Promise<void> {
    if (learning === undefined || gone.length === 0) return; // what came is there already
    const set = `${TABLE} ${addressSet(dev, learning)}`;
    // added first, so that none is missing
    const addresses = `{ ${gone.join(", ")} }`;
    await this.#nft([`add element ${set} ${addresses}`, `delete element ${set} ${addresses}`]);
  }

  async missing(devs: readonly string[]): Promise<readonly string[]> {
    const present = await this.#listed();
    return devs.filter((dev) => !present(dev).entered);
  }

  async dropped(dev: string): Promise<readonly DroppedPackets[]> {
    const { stdout } = await execProgram("nft", ["list", "table", ...TABLE.split(" ")]);
    return stdout.split(/^\tchain /m).flatMap((text) => {
      const [head = "", ...rules] = text.split("\n");
      const chain = head.replace(/ \{$/, "");
      if (deviceOf(chain) !== dev) return [];
      return rules.flatMap((rule) => {
        const [, packets] = STOPPED.exec(rule) ?? [];
        const said = rule.trim().replace(/counter packets \d+ bytes \d+ /, "");
        return Number(packets ?? 0) === 0
          ? []
          : [{ rule: `${chain}: ${said}`, packets: Number(packets) }];
      });
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes everything of an interface away. */
  async remove(dev: string): Promise<void> {
    const present = (await this.#listed())(dev);
    const lines = removed(dev, present);
    if (lines.length > 0) await this.#nft(lines);
  }
}
