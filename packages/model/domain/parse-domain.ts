import { ErrorDomain } from "../error-catalogue.ts";
import type { Issue } from "../schema/issue.ts";
import { parse } from "../schema/parse.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { readDocument } from "../xml/read-document.ts";
import type { XmlElement } from "../xml/tree.ts";
import { checkParsedDomain } from "./check/check-parsed.ts";
import { Domain } from "./domain.ts";

export interface ParseDomainOptions {
  /** Read what only a running domain has (aliases, id, allocated ports); a definition passes over it. */
  readonly live?: boolean;
}
export interface ParsedDomain {
  readonly domain: Domain;
  /** What was not understood; libvirt ignores it, schema validation refuses it. */
  readonly issues: readonly Issue[];
}

/**
 * Reads a domain's XML: shape and values, no defaults that depend on the host (see `resolveDomain`).
 * @throws {VireoError} `xmlDetail` for broken XML, else what libvirt answers; `int1` and `int2` are line and column.
 */
export const parseDomain = (xml: string, options: ParseDomainOptions = {}): ParsedDomain =>
  domainFromElement(readDocument(xml, { root: "domain", label: "domain_definition" }), options);

/** Reads a `<domain>` inside another document (snapshot, status). */
export function domainFromElement(xml: XmlElement, options: ParseDomainOptions = {}): ParsedDomain {
  const issues: Issue[] = [];
  const domain = parse(Domain, xml, issues, { live: options.live ?? false });
  // libvirt looks for the name before anything else
  throwFirst(
    issues.filter(({ fault }) => fault === "noName"),
    ErrorDomain.domain,
  );
  throwFirst(issues, ErrorDomain.domain);
  checkParsedDomain(domain);
  return { domain, issues };
}
