import { escapeXml } from "./grammar/escape.ts";

type Attributes = { readonly [name: string]: string | undefined };

/** ` name='value'` for each value that is there. */
export const formatAttributes = (values: Attributes): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}='${escapeXml(value)}'`))
    .join("");

/** An empty element, or nothing when it has no attribute. */
export function leaf(name: string, values: Attributes): string[] {
  const text = formatAttributes(values);
  return text === "" ? [] : [`<${name}${text}/>`];
}

/** An element with children, indented by two blanks; nothing when it has none. */
export const branch = (open: string, name: string, children: readonly string[]): string[] =>
  children.length === 0
    ? []
    : [`<${open}>`, ...children.map((child) => `  ${child}`), `</${name}>`];

/** An element with text, or nothing without text. */
export const textLine = (name: string, text: string | undefined): string[] =>
  text === undefined ? [] : [`<${name}>${escapeXml(text)}</${name}>`];
