/** XML compared without regard to layout, comments and the order of attributes. */
import { parseXml } from "../../packages/model/xml/parse-xml.ts";
import type { XmlElement } from "../../packages/model/xml/tree.ts";

const describe = (element: XmlElement): string =>
  [
    element.prefix === "" ? element.name : `${element.prefix}:${element.name}`,
    ...[...element.attributes]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => `${name}='${value}'`),
  ].join(" ");

function compare(actual: XmlElement, expected: XmlElement, path: string): string | undefined {
  if (describe(actual) !== describe(expected))
    return `${path}: got <${describe(actual)}>, expected <${describe(expected)}>`;
  if (expected.children.length === 0 && actual.children.length === 0)
    return actual.text.trim() === expected.text.trim()
      ? undefined
      : `${path}/${expected.name}: got '${actual.text.trim()}', expected '${expected.text.trim()}'`;
  const length = Math.max(actual.children.length, expected.children.length);
  for (let at = 0; at < length; at += 1) {
    const difference = compareChild(
      actual.children[at],
      expected.children[at],
      `${path}/${expected.name}`,
    );
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function compareChild(
  actual: XmlElement | undefined,
  expected: XmlElement | undefined,
  path: string,
): string | undefined {
  if (actual !== undefined && expected !== undefined) return compare(actual, expected, path);
  if (actual !== undefined) return `${path}: got <${describe(actual)}>, expected no more`;
  return `${path}: got no more, expected <${describe(expected as XmlElement)}>`;
}

/** The first difference, or `undefined` when both say the same. */
export const firstDifference = (actual: string, expected: string): string | undefined =>
  compare(parseXml(actual), parseXml(expected), "");
