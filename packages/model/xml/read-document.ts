import { ErrorDomain } from "../error-catalogue.ts";
import { type VireoError, virError } from "../error.ts";
import { parseXml } from "./parse-xml.ts";
import type { XmlElement } from "./tree.ts";
import { XmlError } from "./xml-error.ts";

/** An `XmlError` as libvirt words it: `(domain_definition):3: text`, the line, and a caret. */
export const xmlFailure = (error: XmlError, label: string): VireoError =>
  virError("xmlDetail", `(${label}):${error.line}: ${error.message}\n${error.excerpt}`, {
    from: ErrorDomain.xml,
    int1: error.line,
    int2: error.column,
    cause: error,
  });

/** Reads a document, whatever its root. @throws {VireoError} `xmlDetail` for what is not XML */
export function parseDocument(text: string, label: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    throw error instanceof XmlError ? xmlFailure(error, label) : error;
  }
}

/**
 * Reads a document whose root must be `root`; `label` names the document in messages, e.g. `domain_definition`.
 * @throws {VireoError} `xmlDetail` for what is not XML, `xmlError` for another root.
 */
export function readDocument(
  text: string,
  { root, label }: { root: string; label: string },
): XmlElement {
  const xml = parseDocument(text, label);
  if (xml.name === root) return xml;
  throw virError("xmlError", `expecting root element of '${root}', not '${xml.name}'`, {
    from: ErrorDomain.xml,
  });
}
