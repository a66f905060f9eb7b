/** A filter with all that it refers to and its variables filled in: what is in force on one interface. */
import { virError } from "../error.ts";
import type { FilterMatch } from "./filter-protocol.ts";
import { CHAIN_PRIORITY, entriesOf, type NwFilter } from "./nwfilter.ts";

type WrittenRule = NonNullable<NwFilter["rules"]>[number];

/** Values by the variable's name. */
export type Variables = ReadonlyMap<string, readonly string[]>;

export interface ExpandedRule {
  readonly action: WrittenRule["action"];
  readonly direction: WrittenRule["direction"];
  readonly priority: number;
  /** Without knowledge of connections. */
  readonly stateless: boolean;
  /** Absent: every packet of the chain. */
  readonly protocol?: string;
  readonly match: FilterMatch;
}

export interface ExpandedChain {
  readonly name: string;
  readonly priority: number;
  readonly rules: readonly ExpandedRule[];
}

export interface ExpandContext {
  /** @throws VireoError when there is none */
  readonly find: (name: string) => NwFilter;
  /** Variables that are filled in by what the kernel has learned; they stay as they are. */
  readonly learned: ReadonlySet<string>;
}

const NOT_PROTOCOLS = new Set(["action", "direction", "priority", "statematch"]);
const VARIABLE = /^\$([A-Za-z0-9_]+)(?:\[(@?)(\d+)\])?$/;
const COMBINATIONS = 4096;

interface Place {
  readonly attribute: string;
  readonly name: string;
  /** Values with the same iterator advance together. */
  readonly iterator?: number;
  readonly index?: number;
}

function placeOf(attribute: string, value: string | boolean): readonly Place[] {
  const [, name, at = "", index] = (typeof value === "string" && VARIABLE.exec(value)) || [];
  if (name === undefined) return [];
  if (index !== undefined && at === "") return [{ attribute, name, index: Number(index) }];
  return [{ attribute, name, iterator: Number(index ?? 0) }];
}

const unresolved = (name: string) =>
  virError(
    "internalError",
    `Cannot instantiate filter due to unresolvable variables or unavailable list elements: ${name}`,
  );

function valuesOf({ name }: Place, variables: Variables): readonly string[] {
  const values = variables.get(name);
  if (values === undefined || values.length === 0) throw unresolved(name);
  return values;
}

function fixedValue(place: Place, variables: Variables): string {
  const value = valuesOf(place, variables)[place.index ?? 0];
  if (value === undefined) throw unresolved(`${place.name}[${place.index}]`);
  return value;
}

/** How often an iterator goes round; its variables must be of one length. */
function roundsOf(places: readonly Place[], variables: Variables): number {
  const lengths = new Set(places.map((place) => valuesOf(place, variables).length));
  const [length = 1, other] = lengths;
  if (other === undefined) return length;
  throw virError("internalError", "Cardinality of list items must be the same for processing");
}

/** Every way to fill a rule in, each once. */
function filled(
  match: FilterMatch,
  variables: Variables,
  learned: ExpandContext["learned"],
): readonly FilterMatch[] {
  const places = Object.entries(match)
    .flatMap(([attribute, value]) => placeOf(attribute, value))
    .filter(({ name }) => !learned.has(name));
  const fixed = places
    .filter(({ index }) => index !== undefined)
    .map((place) => [place.attribute, fixedValue(place, variables)]);
  const iterators = Map.groupBy(
    places.filter(({ iterator }) => iterator !== undefined),
    ({ iterator }) => iterator,
  );
  let ways: readonly FilterMatch[] = [{ ...match, ...Object.fromEntries(fixed) }];
  for (const group of iterators.values()) {
    const rounds = roundsOf(group, variables);
    if (ways.length * rounds > COMBINATIONS)
      throw virError("internalError", `a rule stands for more than ${COMBINATIONS} combinations`);
    const given = Array.from({ length: rounds }, (_, round) =>
      Object.fromEntries(
        group.map((place) => [place.attribute, valuesOf(place, variables)[round] ?? ""]),
      ),
    );
    // the first iterator goes round first
    ways = given.flatMap((values) => ways.map((way) => ({ ...way, ...values })));
  }
  return [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()];
}

/** What of a rule is its protocol, with what a packet must look like: all that is left of it. */
const matchesOf = (rule: WrittenRule): readonly (readonly [string, FilterMatch])[] =>
  Object.entries(rule).flatMap(([name, match]: [string, unknown]) =>
    NOT_PROTOCOLS.has(name) ? [] : [[name, match as FilterMatch] as const],
  );

function expandRule(
  rule: WrittenRule,
  variables: Variables,
  { learned }: ExpandContext,
): readonly ExpandedRule[] {
  const { action, direction, priority = 500, statematch } = rule;
  const stateless = statematch === "false";
  const [entry] = matchesOf(rule);
  const said = { action, direction, priority, stateless };
  if (entry === undefined) return [{ ...said, match: {} }];
  const [protocol, match] = entry;
  return filled(match, variables, learned).map((way) => ({ ...said, protocol, match: way }));
}

type Parameters = NonNullable<NwFilter["refs"]>[number]["parameters"];

/** Values that are given several times make a list. */
export function variablesOf(parameters: Parameters): Variables {
  const groups = Map.groupBy(parameters ?? [], ({ name }) => name);
  return new Map([...groups].map(([name, all]) => [name, all.map(({ value }) => value)]));
}

const DEPTH = 32;

/**
 * The chains that are in force, the root chain first. What a reference gives to a variable yields
 * to what was given from outside.
 * @throws VireoError `internalError` when a variable has no value
 */
export function expandFilter(
  name: string,
  variables: Variables,
  context: ExpandContext,
): readonly ExpandedChain[] {
  const chains = new Map<string, { name: string; priority: number; rules: ExpandedRule[] }>();
  const visit = (filterName: string, known: Variables, depth: number): void => {
    if (depth > DEPTH) throw virError("operationFailed", "filter would introduce a loop");
    const filter = context.find(filterName);
    const { chain = "root", priority } = filter;
    const usual = CHAIN_PRIORITY[chain] ?? 0;
    const at = chains.get(chain) ?? { name: chain, priority: priority ?? usual, rules: [] };
    chains.set(chain, at);
    for (const entry of entriesOf(filter)) {
      if ("rule" in entry) at.rules.push(...expandRule(entry.rule, known, context));
      else {
        const { filter: inner, parameters } = entry.ref;
        visit(inner, new Map([...variablesOf(parameters), ...known]), depth + 1);
      }
    }
  };
  visit(name, variables, 0);
  return [...chains.values()].map((chain) => ({
    ...chain,
    rules: chain.rules.toSorted((a, b) => a.priority - b.priority),
  }));
}

/** Names of all filters that a filter leads to, itself included. */
export function filtersWithin(
  name: string,
  find: (name: string) => NwFilter | undefined,
): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (one: string): void => {
    if (seen.has(one)) return;
    seen.add(one);
    for (const { filter } of find(one)?.refs ?? []) visit(filter);
  };
  visit(name);
  return seen;
}

/** Names of all variables that a filter leads to. */
export function variablesWithin(name: string, find: ExpandContext["find"]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const one of filtersWithin(name, find))
    for (const rule of find(one).rules ?? [])
      for (const [, match] of matchesOf(rule))
        for (const [attribute, value] of Object.entries(match))
          for (const { name: variable } of placeOf(attribute, value)) found.add(variable);
  return found;
}
