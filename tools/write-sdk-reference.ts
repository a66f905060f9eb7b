/** Writes docs/reference/sdk.md: what `@vireo/sdk` exports, from the docstrings in its source. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const TOP = join(import.meta.dirname, "..");
const SDK = join(TOP, "packages/sdk");

/** What users import, in the order in which they meet it. */
const MODULES = [
  "http/connect",
  "http/client",
  "http/job",
  "http/event-reader",
  "http/byte-stream",
  "http/http-error",
  "domain-xml",
  "libvirt/connect",
  "libvirt/connection",
  "libvirt/event-stream",
  "libvirt/event-table",
  "libvirt/libvirt-error",
  "libvirt/libvirt-uri",
  "libvirt/line",
  "libvirt/procedure",
  "libvirt/transport",
] as const;

/** Where a declaration, or the docstring before it, begins. */
const BEGINNING = /^(?=\/\*\*|export |(?:async )?(?:function|const|class|interface|type) )/m;

/** An exported declaration with the docstring before it. */
const EXPORTED =
  /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?(export (?:async )?(function|const|class|interface|type) (\w+)[\s\S]*)/;

/** A docstring and what it is about are one piece. */
const piecesOf = (source: string): readonly string[] =>
  source.split(BEGINNING).reduce<string[]>((pieces, piece) => {
    const before = pieces.at(-1);
    if (before?.startsWith("/**") === true && before.endsWith("*/\n"))
      return [...pieces.slice(0, -1), before + piece];
    return [...pieces, piece];
  }, []);

/** A documented public member of a class. */
const MEMBER =
  /^ {2}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {2}((?!#|private |constructor)[\s\S]*?)(?: \{|;)$/gm;

const textOf = (comment: string): string =>
  comment
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trim())
    .join(" ")
    .trim();

const onOneLine = (code: string): string =>
  code.replaceAll(/\s+/g, " ").replaceAll("( ", "(").replaceAll(/,? \)/g, ")").trim();

/** What a caller sees: no bodies, no values. */
function shownOf(kind: string, code: string): string {
  if (kind === "interface" || kind === "type") return code.trim().replace(/^export /, "");
  if (kind === "class") return onOneLine(/^export (class [^{]*)/.exec(code)?.[1] ?? "");
  const [head = ""] = /^[\s\S]*?(?= \{\n| =>)/.exec(code) ?? [code.split(" =")[0] ?? ""];
  return onOneLine(head.replace(/^export (?:async )?/, ""));
}

const membersOf = (code: string): readonly string[] =>
  [...code.matchAll(MEMBER)].map(
    ([, comment = "", member = ""]) => `- \`${onOneLine(member)}\`: ${textOf(comment)}`,
  );

function sectionOf(module: string): string {
  const source = readFileSync(join(SDK, `${module}.ts`), "utf8");
  const parts = piecesOf(source)
    .map((piece) => EXPORTED.exec(piece))
    .filter((match) => match !== null)
    .map(([, comment = "", code = "", kind = "", name = ""]) =>
      [
        `### \`${name}\``,
        textOf(comment),
        `\`\`\`ts\n${shownOf(kind, code)}\n\`\`\``,
        kind === "class" ? membersOf(code).join("\n") : "",
      ]
        .filter((part) => part !== "")
        .join("\n\n"),
    );
  return [`## \`@vireo/sdk/${module}\``, ...parts].join("\n\n");
}

const HEAD = `# SDK

<!-- Written by \`npm run generate\` from docstrings; changes made here are lost. -->

How it is used stands in \`packages/sdk/README.md\`. The methods of an HTTP client are the [operations](operations.md) by noun and verb; the calls
of a libvirt connection are libvirt's procedures by their own names.`;

const page = [HEAD, ...MODULES.map(sectionOf)].join("\n\n");
writeFileSync(join(TOP, "docs/reference/sdk.md"), `${page}\n`);
