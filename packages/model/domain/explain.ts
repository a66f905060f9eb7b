/**
 * Why a domain looks as it does: the resolve steps are run one after the other, and each place remembers
 * which of them added or changed it.
 */
import { readDocument } from "../xml/read-document.ts";
import { Domain } from "./domain.ts";
import { placesOf, type Place } from "./explain-places.ts";
import { type Trace, traceStep, traceWritten } from "./explain-trace.ts";
import { domainFromElement } from "./parse-domain.ts";
import type { ResolveFacts, ResolveOptions } from "./resolve/facts.ts";
import { QEMU_STEPS } from "./resolve/resolve.ts";

/** A domain and where its values come from. */
export interface TracedDomain {
  readonly domain: Domain;
  readonly trace: Trace;
}

/**
 * The domain as it was written.
 * @throws {VireoError} when the XML is no domain
 */
export function tracedFrom(xml: string): TracedDomain {
  const root = readDocument(xml, { root: "domain", label: "domain_definition" });
  const { domain } = domainFromElement(root);
  return { domain, trace: traceWritten(Domain, domain, root) };
}

/** A domain of which only one thing is known: `rule` brought all of it. */
export const tracedAs = (domain: Domain, rule: string): TracedDomain => ({
  domain,
  trace: traceStep(
    Domain,
    { before: {}, after: domain, trace: { source: { rule }, parts: new Map() } },
    rule,
  ),
});

/** One more change to a traced domain; `rule` names it. */
export const followed = (
  { domain: before, trace }: TracedDomain,
  after: Domain,
  rule: string,
): TracedDomain => ({
  domain: after,
  trace: traceStep(Domain, { before, after, trace }, rule),
});

/**
 * Resolves for QEMU as `resolveDomain` does, and notes what each step did.
 * @throws {VireoError} for what cannot be completed
 */
export const traceResolve = (
  written: TracedDomain,
  facts: ResolveFacts,
  options: ResolveOptions = {},
): TracedDomain =>
  QEMU_STEPS.reduce(
    (so, step) => followed(so, step(so.domain, { ...facts, ...options }), step.name),
    written,
  );

/** Every place of the domain with its value and source, in print order. */
export const domainPlaces = ({ domain, trace }: TracedDomain): readonly Place[] =>
  placesOf(Domain, domain, trace);
