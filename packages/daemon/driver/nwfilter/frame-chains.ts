/** The chains that look at frames, one way, in whatever words: the root with what is below it. */
import type { ExpandedRule } from "@vireo/model/nwfilter/expand-filter";
import { chainProtocol } from "@vireo/model/nwfilter/nwfilter";
import type { Way } from "./connection.ts";
import type { InterfaceFilter } from "./interface-filter.ts";
import { isTracked } from "./packet-match.ts";

export interface RuleChain {
  readonly name: string;
  readonly rules: readonly string[];
}

/** How a firewall says it. */
export interface FrameWords {
  readonly root: (way: Way, dev: string) => string;
  readonly below: (way: Way, dev: string, chain: string) => string;
  /** Goes to a chain that is for frames of that protocol. */
  readonly jump: (protocol: string, chain: string) => string;
  readonly rule: (rule: ExpandedRule & { readonly reversed: boolean }) => readonly string[];
}

/** A rule about frames, one way; nothing when it is about the other. */
function frameRule(rule: ExpandedRule, way: Way, words: FrameWords): readonly string[] {
  if (isTracked(rule.protocol)) return [];
  if (rule.direction !== "inout" && rule.direction !== way) return [];
  return words.rule({ ...rule, reversed: rule.direction === "inout" && way === "out" });
}

/** The root chain first; of chains without rules nothing is said. */
export function frameChains(
  { dev, chains }: InterfaceFilter,
  way: Way,
  words: FrameWords,
): readonly [RuleChain, ...RuleChain[]] {
  const root: { priority: number; text: string }[] = [];
  const below: RuleChain[] = [];
  // of equals the chains come first
  for (const { name, priority, rules } of chains) {
    if (name === "root") continue;
    const texts = rules.flatMap((rule) => frameRule(rule, way, words));
    if (texts.length === 0) continue;
    const chain = words.below(way, dev, name);
    below.push({ name: chain, rules: texts });
    root.push({ priority, text: words.jump(chainProtocol(name) ?? "", chain) });
  }
  for (const rule of chains.find(({ name }) => name === "root")?.rules ?? [])
    for (const text of frameRule(rule, way, words)) root.push({ priority: rule.priority, text });
  const ordered = root.toSorted((a, b) => a.priority - b.priority).map(({ text }) => text);
  return [{ name: words.root(way, dev), rules: ordered }, ...below];
}
