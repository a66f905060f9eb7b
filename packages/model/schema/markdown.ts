/** Reference documentation of an element, one table per element. */
import type { AnyChoice, AnyElement, AnyMember, Members } from "./declaration.ts";

/** The element and everything inside it, each element once. */
export function markdown(type: AnyElement): string {
  const sections: string[] = [];
  const done = new Set<Members>();
  const visit = (one: AnyElement): void => {
    if (done.has(one.members)) return;
    done.add(one.members);
    sections.push(section(one));
    for (const { member } of rowsOf(one)) if (member.element !== undefined) visit(member.element);
  };
  visit(type);
  return sections.join("\n");
}

interface Row {
  readonly key: string;
  readonly member: AnyMember;
  /** Value of the discriminant it belongs to. */
  readonly when?: string;
}
const isChoice = (member: AnyMember | AnyChoice): member is AnyChoice => member.kind === "choice";

const rowsOf = ({ members }: AnyElement): readonly Row[] =>
  Object.entries(members).flatMap(([key, member]): readonly Row[] =>
    isChoice(member)
      ? Object.entries(member.cases).map(([when, one]) => ({ key, member: one, when }))
      : [{ key, member }],
  );

const section = (type: AnyElement): string =>
  `### \`<${type.tag}>\`\n\n${type.doc}\n\n| where | value | meaning |\n|---|---|---|\n${rowsOf(type).map(rowText).join("")}`;

const where = ({ kind, options, element }: AnyMember, key: string): string => {
  const name = options.name ?? element?.tag ?? key;
  if (kind === "content" || kind === "scaledContent") return "text";
  if (kind === "attr" || kind === "discriminant" || kind === "scaledAttr") return `\`@${name}\``;
  return `\`<${name}>\``;
};

function rowText({ key, member, when }: Row): string {
  const { doc, default: otherwise, show } = member.options;
  const value =
    member.scalar?.expects ?? (member.scaling === undefined ? kindOf(member) : "a size");
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
  const place = `${where(member, key)}${when === undefined ? "" : ` when \`${when}\``}`;
  return `| ${place} | ${value.replaceAll("|", "\\|")} | ${text.replaceAll("|", "\\|")} |\n`;
}

const kindOf = ({ kind }: AnyMember): string => {
  if (kind === "flag") return "present or absent";
  if (kind === "raw") return "any XML";
  return kind === "children" || kind === "texts" ? "any number of elements" : "an element";
};
