/** `<filter>`: rules for the packets of a guest's interface. */
import { ErrorDomain, type ErrorKind } from "../error-catalogue.ts";
import { virError } from "../error.ts";
import type { Element } from "../schema/declaration.ts";
import { mac } from "../mac.ts";
import { element, type Infer } from "../schema/element.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import { attr, child, children, requiredAttr, text } from "../schema/member.ts";
import { parse } from "../schema/parse.ts";
import { int, oneOf, string, stringWhere } from "../schema/scalar.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { CONFIG_VIEW } from "../schema/view.ts";
import { uuid } from "../uuid.ts";
import { readDocument } from "../xml/read-document.ts";
import { type FilterMatch, filterProtocols, ILLEGAL } from "./filter-protocol.ts";

const from = ErrorDomain.nwfilter;

/** Priority of a chain by the protocol its name begins with. */
export const CHAIN_PRIORITY: Readonly<Record<string, number>> = {
  root: 0,
  stp: -810,
  mac: -800,
  vlan: -750,
  ipv4: -700,
  ipv6: -600,
  arp: -500,
  rarp: -400,
};
const CHAIN_NAME_LIMIT = 11;
const CHAINS = "mac, vlan, stp, arp, rarp, ipv4, ipv6";

/** What the chain's name says of the packets in it. */
export const chainProtocol = (chain: string): string | undefined =>
  Object.keys(CHAIN_PRIORITY).find((protocol) =>
    protocol === "root" ? chain === "root" : chain.startsWith(protocol),
  );
const chain = stringWhere("a chain", (raw) =>
  /^[A-Za-z0-9_.:-]+$/.test(raw) &&
  raw.length <= CHAIN_NAME_LIMIT &&
  chainProtocol(raw) !== undefined
    ? raw
    : undefined,
);

const PRIORITY_LIMIT = 1000;
const PRIORITY = 500;
const inRange = (raw: string): number | undefined => {
  const number = int.read(raw);
  return number !== undefined && Math.abs(number) <= PRIORITY_LIMIT ? number : undefined;
};
const chainPriority = {
  ...int,
  read: inRange,
  problem: (raw: string) => ({
    fault: "invalidArg" as const,
    message:
      int.read(raw) === undefined
        ? `Could not parse chain priority '${raw}'`
        : `Priority '${raw}' is outside valid range of [${-PRIORITY_LIMIT},${PRIORITY_LIMIT}]`,
  }),
};
/** One that cannot be read is the usual one, as in libvirt. */
const rulePriority = { ...int, read: (raw: string) => inRange(raw) ?? PRIORITY };

const FilterRef = element("filterref", "A filter that is part of this one.", {
  filter: requiredAttr(string, {
    doc: "Name of the filter.",
    missing: "rule node requires action attribute", // libvirt's slip
  }),
  parameters: children(
    element("parameter", "A variable of the filter.", {
      name: requiredAttr(string, { doc: "Name." }),
      value: requiredAttr(string, { doc: "Value." }),
    }),
    { doc: "Variables." },
  ),
});
type FilterRef = Infer<typeof FilterRef>;

const Rule = element("rule", "What happens to certain packets.", {
  action: requiredAttr(oneOf("accept", "drop", "reject", "return", "continue"), {
    doc: "What happens.",
    missing: "rule node requires action attribute",
    invalid: "unknown rule action attribute value",
  }),
  direction: requiredAttr(oneOf("in", "out", "inout"), {
    doc: "Way of the packets, seen from the guest.",
    missing: "rule node requires direction attribute",
    invalid: "unknown rule direction attribute value",
  }),
  priority: attr(rulePriority, { doc: "Smaller comes first.", default: PRIORITY }),
  statematch: attr(string, { doc: "`false`: without knowledge of connections." }),
  ...filterProtocols,
});

const Filter = element("filter", "Rules for the packets of a guest's interface.", {
  name: requiredAttr(string, { doc: "Name.", missing: "filter has no name" }),
  chain: attr(chain, {
    doc: "Where its rules are.",
    default: "root",
    invalid: `Invalid chain name '%s'. Please use a chain name called 'root' or any of the following prefixes: ${CHAINS}`,
  }),
  priority: attr(chainPriority, { doc: "Of the chain; smaller comes first." }),
  uuid: text(uuid, { doc: "UUID.", invalid: "malformed uuid element" }),
  refs: children(FilterRef, { doc: "Filters that are part of this one." }),
  rules: children(Rule, { doc: "Rules." }),
});

/** What is next in the filter, as it was written. */
type Entry = "ref" | "rule";
export type NwFilter = Infer<typeof Filter> & {
  /** Of rules with the same priority the first decides. References come first when nothing is said. */
  readonly order?: readonly Entry[];
};
export type FilterEntry = { readonly ref: FilterRef } | { readonly rule: Rule };

/** References and rules in their order. */
export function entriesOf({ refs = [], rules = [], order }: NwFilter): readonly FilterEntry[] {
  const [ref, rule] = [refs.values(), rules.values()];
  const named: readonly Entry[] = order ?? refs.map(() => "ref");
  const entries = named.flatMap((kind): readonly FilterEntry[] => {
    const next = (kind === "ref" ? ref : rule).next();
    if (next.done === true) return [];
    return [kind === "ref" ? { ref: next.value as FilterRef } : { rule: next.value as Rule }];
  });
  return [...entries, ...[...rule].map((one) => ({ rule: one }))];
}

/** libvirt keeps variables in a table by name; values of one name keep their order. */
const sortedReference = (ref: FilterRef): FilterRef =>
  ref.parameters === undefined
    ? ref
    : { ...ref, parameters: ref.parameters.toSorted((a, b) => compare(a.name, b.name)) };
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const STATELESS = new Set(["0", "false"]);
type Rule = Infer<typeof Rule>;
function placedRule({ statematch, ...rule }: Rule): Rule {
  return STATELESS.has(statematch?.toLowerCase() ?? "") ? { ...rule, statematch: "false" } : rule;
}

function placed(written: NwFilter, newUuid: () => string): NwFilter {
  const { chain: name = "root", priority, refs, rules } = written;
  if (written.name === "") throw virError("internalError", "filter has no name", { from });
  if (written.name.includes("/"))
    throw virError("xmlError", `name ${written.name} cannot contain '/'`, { from });
  (rules ?? []).forEach(mustNameProtocol);
  const { priority: _priority, ...rest } = written;
  const own = priority ?? CHAIN_PRIORITY[name];
  return {
    ...rest,
    uuid: written.uuid ?? newUuid(),
    ...(name === "root" || own === undefined ? {} : { priority: own }),
    ...(refs === undefined ? {} : { refs: refs.map(sortedReference) }),
    ...(rules === undefined ? {} : { rules: rules.map(placedRule) }),
  };
}

/** Protocols that have ports: TCP, UDP, DCCP and SCTP. */
const WITH_PORTS = new Set(["tcp", "udp", "33", "0x21", "sctp"]);
const PORTS = ["srcportstart", "srcportend", "dstportstart", "dstportend"];

/** @throws VireoError `internalError` when a rule names ports of no protocol that has them */
function mustNameProtocol(rule: Rule): void {
  for (const [tag, name] of [
    ["ip", "IP"],
    ["ipv6", "IPv6"],
  ] as const) {
    const match = (rule as Readonly<Record<string, unknown>>)[tag] as FilterMatch | undefined; // one of its protocols
    if (match === undefined || !PORTS.some((port) => match[port] !== undefined)) continue;
    if (!WITH_PORTS.has(String(match["protocol"])))
      throw virError(
        "internalError",
        `${name} rule with port specification requires protocol specification with protocol to be either one of tcp(6), udp(17), dccp(33), or sctp(132)`,
        { from },
      );
  }
}

/** @throws VireoError `xmlError`, `internalError`, `invalidArg`, `configUnsupported` in libvirt's words */
export function parseNwFilter(xml: string, newUuid: () => string): NwFilter {
  const root = readDocument(xml, { root: "filter", label: "nwfilter_definition" });
  const order = root.children.flatMap(({ name }): readonly Entry[] =>
    name === "filterref" ? ["ref"] : name === "rule" ? ["rule"] : [],
  );
  const isMixed = order.lastIndexOf("ref") > order.indexOf("rule") && order.includes("rule");
  const filter = placed(readElement(Filter, root), newUuid);
  return isMixed ? { ...filter, order } : filter;
}

/** Mistakes that libvirt does not count among those of XML. */
const ISSUE_KINDS: readonly (readonly [ErrorKind, RegExp])[] = [
  ["internalError", /^filter has no name/],
  ["internalError", /^rule node requires/],
  ["internalError", new RegExp(`^\\w[\\w-]* ${ILLEGAL} `)],
  ["internalError", /^Unable to parse (?:MAC|UUID) /],
  ["configUnsupported", /^unknown rule /],
  ["invalidArg", /^Invalid chain name/],
];

function readElement<T>(type: Element<T>, root: Parameters<typeof parse>[1]): T {
  const issues: Issue[] = [];
  const value = parse(type, root, issues);
  const message = issues.find(({ severity }) => severity === "error")?.message ?? "";
  const [kind] = ISSUE_KINDS.find(([, text]) => text.test(message)) ?? [];
  if (kind !== undefined) throw virError(kind, message, { from });
  throwFirst(issues, from);
  return value;
}

export function formatNwFilter(filter: NwFilter): string {
  if (filter.order === undefined) return format(Filter, filter);
  const { refs: _refs, rules: _rules, ...head } = filter;
  const inner = entriesOf(filter).map((one) =>
    "ref" in one
      ? format(FilterRef, one.ref, CONFIG_VIEW, 1)
      : format(Rule, one.rule, CONFIG_VIEW, 1),
  );
  return format(Filter, head).replace("</filter>", () => `${inner.join("")}</filter>`);
}

const named = (tag: string, doc: string) =>
  child(element(tag, doc, { name: requiredAttr(string, { doc: "Name." }) }), { doc });

export const NwFilterBinding = element("filterbinding", "A filter in force on an interface.", {
  owner: child(
    element("owner", "The guest.", {
      name: text(string, { doc: "Name." }),
      uuid: text(uuid, { doc: "UUID.", invalid: "Unable to parse UUID '%s'" }),
    }),
    { doc: "The guest." },
  ),
  portDev: named("portdev", "The interface."),
  linkDev: named("linkdev", "Interface of the host below it."),
  mac: child(
    element("mac", "MAC address.", {
      address: requiredAttr(mac, { doc: "Address.", invalid: "Unable to parse MAC '%s'" }),
    }),
    { doc: "MAC address." },
  ),
  filterRef: child(FilterRef, { doc: "The filter." }),
});
export type NwFilterBinding = Infer<typeof NwFilterBinding>;

/** @throws VireoError `xmlError` */
export function parseNwFilterBinding(xml: string): NwFilterBinding {
  const root = readDocument(xml, { root: "filterbinding", label: "nwfilterbinding_definition" });
  const binding = readElement(NwFilterBinding, root);
  const { portDev, owner, mac: card, filterRef } = binding;
  for (const [part, what] of [
    [portDev, "port dev name"],
    [owner?.name, "owner name"],
    [owner?.uuid, "owner UUID"],
    [card, "MAC address"],
    [filterRef, "filter reference"],
  ] as const)
    if (part === undefined)
      throw virError("internalError", `filter binding has no ${what}`, { from });
  return filterRef === undefined ? binding : { ...binding, filterRef: sortedReference(filterRef) };
}

export const formatNwFilterBinding = (binding: NwFilterBinding): string =>
  format(NwFilterBinding, binding);
