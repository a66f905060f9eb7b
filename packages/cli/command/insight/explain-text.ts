/** What `explain` prints: the XML, who said it, what QEMU is given. */
import type { OperationOutput } from "@vireo/model/operation/operations";
import { formatTable } from "../../table.ts";

export type Explained = OperationOutput<"domain", "explain">;
type Line = Explained["lines"][number];
type Source = Line["sources"][number];
type Arg = Explained["args"][number];

const XML_WIDTH = 70;
const ARG_WIDTH = 60;
const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;

/** `@cache`, relative to its element. */
const partOf = ({ path }: Source, element: string): string => path.slice(element.length + 1);

const ruleText = ({ rule, line, was }: Source): string => {
  const said = rule === "written" && line !== undefined ? `${rule}:${line}` : rule;
  return was === undefined ? said : `${said} (was ${was})`;
};

/** The rule of most, and beside it each part that has another. */
function sourcesText({ path = "", sources }: Line): string {
  const [first] = sources;
  if (first === undefined) return "";
  // an element without text says less about its origin than its attributes do
  const parts = sources.slice(1);
  const main = ruleText(
    parts.every(({ rule }) => rule === parts[0]?.rule) ? (parts[0] ?? first) : first,
  );
  const others = parts
    .filter((source) => ruleText(source) !== main)
    .map((source) => `${partOf(source, path)} ${ruleText(source)}`);
  return [main, ...others].join(", ");
}

/** An argument in a few words. */
const briefArg = ({ option, value = "", id }: Arg): string =>
  cut(id === undefined ? `${option} ${value}`.trimEnd() : `${option} ${id}`, ARG_WIDTH);

const fullArg = ({ option, value, qmp, origin, absent }: Arg): string => {
  const text = value === undefined ? option : `${option} ${value}`;
  const notes = [
    `from ${origin}`,
    ...(qmp === undefined ? [] : [`QMP ${qmp}`]),
    ...(absent === undefined ? [] : [absent]),
  ];
  return `${text}\n    ${notes.join("; ")}\n`;
};

function rowsOf(line: Line, args: readonly Arg[]): string[][] {
  const made = line.args.flatMap((at) => args[at] ?? []).map(briefArg);
  const [first = line.silent === undefined ? "" : `(${line.silent})`, ...more] = made;
  return [
    [cut(line.xml, XML_WIDTH), sourcesText(line), first],
    ...more.map((arg) => ["", "", arg]),
  ];
}

function legend(lines: readonly Line[]): string {
  const rules = new Map(
    lines.flatMap(({ sources }) => sources.map(({ rule, why }) => [rule, why] as const)),
  );
  return [...rules]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([rule, why]) => ` ${rule}: ${why}\n`)
    .join("");
}

/** The table, the rules it names and, when only a part is shown, the whole arguments. */
export function explainText(
  { lines, args, problem }: Explained,
  { quiet, whole }: { readonly quiet: boolean; readonly whole: boolean },
): string {
  const table = formatTable(
    ["XML", "From", "QEMU"],
    lines.flatMap((line) => rowsOf(line, args)),
    { quiet },
  );
  const parts = [
    table,
    ...(whole || args.length === 0 ? [] : [args.map(fullArg).join("")]),
    ...(quiet ? [] : [legend(lines)]),
    ...(problem === undefined ? [] : [`No command line: ${problem}\n`]),
  ];
  return parts.filter((part) => part !== "").join("\n");
}
