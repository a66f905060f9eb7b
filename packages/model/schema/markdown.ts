/** Reference documentation of an element: a table for each large part, small parts as rows of what holds them. */
import type { AnyChoice, AnyElement, AnyMember, Members } from "./declaration.ts";

/** A part with more rows than this has a section of its own. */
const INLINE_ROWS = 6;

/** The element and everything inside it, each element once. */
export function markdown(type: AnyElement): string {
  const book: Book = { paths: new Map(), open: [] };
  announce(type, `/${type.tag}`, book);
  const sections: string[] = [];
  // writing a section announces those it leads to
  for (let next = book.open.shift(); next !== undefined; next = book.open.shift())
    sections.push(section(next, book));
  return sections.join("\n");
}

interface Section {
  readonly element: AnyElement;
  readonly path: string;
}
interface Book {
  /** Where each element is described; a lazy element counts as what it stands for. */
  readonly paths: Map<Members, string>;
  readonly open: Section[];
}

function announce(element: AnyElement, path: string, { paths, open }: Book): string {
  const known = paths.get(element.members);
  if (known !== undefined) return known;
  paths.set(element.members, path);
  open.push({ element, path });
  return path;
}

interface Row {
  readonly key: string;
  readonly member: AnyMember;
  /** Values of the discriminant it belongs to. */
  readonly when: readonly string[];
}
const isChoice = (member: AnyMember | AnyChoice): member is AnyChoice => member.kind === "choice";

/** Cases that say the same are one row. */
function casesOf(key: string, { cases }: AnyChoice): readonly Row[] {
  const rows: Row[] = [];
  for (const [when, member] of Object.entries(cases)) {
    const same = rows.findIndex(({ member: one }) => saysSame(one, member));
    const before = rows[same];
    if (before === undefined) rows.push({ key, member, when: [when] });
    else rows[same] = { ...before, when: [...before.when, when] };
  }
  return rows;
}

const saysSame = (one: AnyMember, other: AnyMember): boolean =>
  one === other ||
  (one.kind === other.kind &&
    one.options.doc === other.options.doc &&
    one.options.name === other.options.name &&
    one.scalar === other.scalar &&
    one.element?.members === other.element?.members);

const rowsOf = ({ members }: AnyElement): readonly Row[] =>
  Object.entries(members).flatMap(([key, member]): readonly Row[] =>
    isChoice(member) ? casesOf(key, member) : [{ key, member, when: [] }],
  );

/** Rows of an element and of all it holds; counting stops at `limit`, which ends recursion too. */
function size(type: AnyElement, limit: number): number {
  let rows = 0;
  for (const { member } of rowsOf(type)) {
    rows += 1;
    if (rows > limit) return rows;
    if (member.element !== undefined) rows += size(member.element, limit - rows);
  }
  return rows;
}

const section = ({ element, path }: Section, book: Book): string =>
  `### ${path}\n\n${element.doc}\n\n| where | value | meaning |\n|---|---|---|\n${tableRows(element, { path, prefix: "", book })}`;

interface Place {
  /** Of the element in the document. */
  readonly path: string;
  /** Of the element in the section, with a slash behind it. */
  readonly prefix: string;
  readonly book: Book;
}

const tableRows = (type: AnyElement, place: Place): string =>
  rowsOf(type)
    .map((row) => rowText(row, place) + rowsInside(row, place))
    .join("");

const nameOf = ({ key, member }: Row): string => member.options.name ?? member.element?.tag ?? key;
const isInline = ({ element }: AnyMember): boolean =>
  element !== undefined && size(element, INLINE_ROWS) <= INLINE_ROWS;

function rowsInside(row: Row, { path, prefix, book }: Place): string {
  const { element } = row.member;
  if (element === undefined || !isInline(row.member)) return "";
  const name = nameOf(row);
  return tableRows(element, { path: `${path}/${name}`, prefix: `${prefix}${name}/`, book });
}

function where({ kind }: AnyMember, name: string, prefix: string): string {
  if (kind === "content" || kind === "scaledContent")
    return prefix === "" ? "text" : `text of \`${prefix.slice(0, -1)}\``;
  if (kind === "attr" || kind === "discriminant" || kind === "scaledAttr")
    return `\`${prefix}@${name}\``;
  return `\`${prefix}${name}\``;
}

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(/[^a-z0-9_ -]/g, "");

function valueText({ member, ...row }: Row, { path, book }: Place): string {
  const { scalar, scaling, element } = member;
  if (scalar !== undefined) return scalar.expects;
  if (scaling !== undefined) return "a size";
  const kind = kindOf(member);
  if (element === undefined || isInline(member)) return kind;
  const cases = row.when.length === 0 ? "" : ` (${row.when.join(", ")})`;
  const there = announce(element, `${path}/${nameOf({ member, ...row })}${cases}`, book);
  return `[${kind}](#${anchorOf(there)})`;
}

function rowText(row: Row, place: Place): string {
  const { member, when } = row;
  const { doc, default: otherwise, show } = member.options;
  const notes = [
    doc,
    otherwise === undefined
      ? ""
      : `Default: \`${member.scalar?.write(otherwise) ?? String(otherwise)}\`.`,
    member.required ? "Required." : "",
    show === "live" ? "Only of a running domain." : "",
    show === "secure" ? "Shown on demand only." : "",
  ];
  const text = notes.filter((note) => note !== "").join(" ");
  const cases = when.map((one) => `\`${one}\``).join(", ");
  const at = `${where(member, nameOf(row), place.prefix)}${cases === "" ? "" : ` when ${cases}`}`;
  const value = valueText(row, place);
  return `| ${at} | ${value.replaceAll("|", "\\|")} | ${text.replaceAll("|", "\\|")} |\n`;
}

const kindOf = ({ kind }: AnyMember): string => {
  if (kind === "flag") return "present or absent";
  if (kind === "raw") return "any XML";
  return kind === "children" || kind === "texts" ? "any number of elements" : "an element";
};
