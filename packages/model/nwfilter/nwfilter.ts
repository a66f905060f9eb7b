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
import { uuid } from "../uuid.ts";
import { readDocument } from "../xml/read-document.ts";
import { filterProtocols } from "./filter-protocol.ts";

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

const within = (limit: number) => ({
  ...int,
  read: (raw: string) => {
    const number = int.read(raw);
    return number !== undefined && Math.abs(number) <= limit ? number : undefined;
  },
});
const PRIORITY_LIMIT = 1000;
const PRIORITY = 500;

const FilterRef = element("filterref", "A filter that is part of this one.", {
  filter: requiredAttr(string, {
    doc: "Name of the filter.",
    missing: "rule node requires filter",
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
  priority: attr(within(PRIORITY_LIMIT), { doc: "Smaller comes first.", default: PRIORITY }),
  statematch: attr(string, { doc: "`false`: without knowledge of connections." }),
  ...filterProtocols,
});

export const NwFilter = element("filter", "Rules for the packets of a guest's interface.", {
  name: requiredAttr(string, { doc: "Name.", missing: "filter has no name" }),
  chain: attr(chain, {
    doc: "Where its rules are.",
    default: "root",
    invalid: `Invalid chain name '%s'. Please use a chain name called 'root' or any of the following prefixes: ${CHAINS}`,
  }),
  priority: attr(within(PRIORITY_LIMIT), { doc: "Of the chain; smaller comes first." }),
  uuid: text(uuid, { doc: "UUID.", invalid: "malformed uuid element" }),
  refs: children(FilterRef, { doc: "Filters that are part of this one." }),
  rules: children(Rule, { doc: "Rules." }),
});
export type NwFilter = Infer<typeof NwFilter>;

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

/** @throws VireoError `xmlError` */
export function parseNwFilter(xml: string, newUuid: () => string): NwFilter {
  const root = readDocument(xml, { root: "filter", label: "nwfilter_definition" });
  return placed(readElement(NwFilter, root), newUuid);
}

/** Mistakes that libvirt does not count among those of XML. */
const ISSUE_KINDS: readonly (readonly [ErrorKind, string])[] = [
  ["internalError", "filter has no name"],
  ["internalError", "rule node requires"],
  ["configUnsupported", "unknown rule "],
  ["invalidArg", "Invalid chain name"],
];

function readElement<T>(type: Element<T>, root: Parameters<typeof parse>[1]): T {
  const issues: Issue[] = [];
  const value = parse(type, root, issues);
  const message = issues.find(({ severity }) => severity === "error")?.message ?? "";
  const [kind] = ISSUE_KINDS.find(([, text]) => message.startsWith(text)) ?? [];
  if (kind !== undefined) throw virError(kind, message, { from });
  throwFirst(issues, from);
  return value;
}

export const formatNwFilter = (filter: NwFilter): string => format(NwFilter, filter);

const named = (tag: string, doc: string) =>
  child(element(tag, doc, { name: requiredAttr(string, { doc: "Name." }) }), { doc });

export const NwFilterBinding = element("filterbinding", "A filter in force on an interface.", {
  owner: child(
    element("owner", "The guest.", {
      name: text(string, { doc: "Name." }),
      uuid: text(uuid, { doc: "UUID." }),
    }),
    { doc: "The guest." },
  ),
  portDev: named("portdev", "The interface."),
  linkDev: named("linkdev", "Interface of the host below it."),
  mac: child(element("mac", "MAC address.", { address: requiredAttr(mac, { doc: "Address." }) }), {
    doc: "MAC address.",
  }),
  filterRef: child(FilterRef, { doc: "The filter." }),
});
export type NwFilterBinding = Infer<typeof NwFilterBinding>;

/** @throws VireoError `xmlError` */
export function parseNwFilterBinding(xml: string): NwFilterBinding {
  const root = readDocument(xml, { root: "filterbinding", label: "nwfilterbinding_definition" });
  const binding = readElement(NwFilterBinding, root);
  if (binding.portDev === undefined)
    throw virError("internalError", "filter binding has no port dev name", { from });
  const { filterRef } = binding;
  if (filterRef === undefined)
    throw virError("internalError", "filter binding has no filter reference", { from });
  return { ...binding, filterRef: sortedReference(filterRef) };
}

export const formatNwFilterBinding = (binding: NwFilterBinding): string =>
  format(NwFilterBinding, binding);
