/** Collects what the reader has to say, each with its place in the XML. */
import type { ErrorKind } from "../error-catalogue.ts";
import { attributePosition } from "../xml/position.ts";
import type { XmlElement } from "../xml/tree.ts";
import type { Issue } from "./issue.ts";

export interface Place {
  readonly xml: XmlElement;
  readonly path: string;
  /** When it is about an attribute of `xml`. */
  readonly attribute?: string;
}

interface Unknown {
  readonly of: XmlElement;
  /** `@name` of an attribute, or name of a child. */
  readonly what: string;
  readonly issue: Issue;
}

export class IssueLog {
  readonly #issues: Issue[];
  readonly #unknown: Unknown[] = [];
  /** Read from an older place; not to be called unknown. */
  readonly #claimed = new Map<XmlElement, Set<string>>();

  constructor(issues: Issue[]) {
    this.#issues = issues;
  }

  error(place: Place, message: string, fault?: ErrorKind): void {
    const base = { ...locate(place), message, severity: "error" } as const;
    this.#issues.push(fault === undefined ? base : { ...base, fault });
  }

  ignored(place: Place, message: string): void {
    this.#issues.push({ ...locate(place), message, severity: "ignored" });
  }

  /** An attribute nobody declared, unless it is claimed later. */
  unknownAttribute({ xml, path }: Place, name: string): void {
    const message = `Unknown attribute '${name}' in element '${xml.name}'`;
    const issue = {
      ...locate({ xml, path, attribute: name }),
      message,
      severity: "ignored",
    } as const;
    this.#unknown.push({ of: xml, what: `@${name}`, issue });
  }

  /** A child nobody declared, unless it is claimed later. */
  unknownChild({ xml, path }: Place, child: XmlElement): void {
    const message = `Unknown element '${child.name}' in element '${xml.name}'`;
    const issue = {
      ...locate({ xml: child, path: `${path}/${child.name}` }),
      message,
      severity: "ignored",
    } as const;
    this.#unknown.push({ of: xml, what: child.name, issue });
  }

  /** `what` (`@attribute` or child) of `xml` was read after all. */
  claim(xml: XmlElement, what: string): void {
    const known = this.#claimed.get(xml) ?? new Set();
    this.#claimed.set(xml, known.add(what));
  }

  /** To be called when everything is read. */
  finish(): void {
    for (const { of, what, issue } of this.#unknown)
      if (this.#claimed.get(of)?.has(what) !== true) this.#issues.push(issue);
  }
}

const locate = ({ xml, path, attribute }: Place): Pick<Issue, "path" | "line" | "column"> =>
  attribute === undefined
    ? { path, line: xml.line, column: xml.column }
    : { path: `${path}@${attribute}`, ...attributePosition(xml, attribute) };
