/** Writes the pages of docs/reference from the declarations that the daemon itself runs on. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Domain } from "@vireo/model/domain/domain";
import { ERRORS } from "@vireo/model/error-catalogue";
import type { Operation } from "@vireo/model/operation/operation";
import { OPERATIONS } from "@vireo/model/operation/operations";
import { jsonSchema } from "@vireo/model/schema/json-schema";
import { markdown } from "@vireo/model/schema/markdown";

const REFERENCE = join(import.meta.dirname, "../docs/reference");

function write(name: string, title: string, text: string): void {
  const origin =
    "<!-- Written by `npm run generate` from declarations; changes made here are lost. -->";
  writeFileSync(join(REFERENCE, name), `# ${title}\n\n${origin}\n\n${text.trim()}\n`);
}

const writeJson = (name: string, value: unknown): void =>
  writeFileSync(join(REFERENCE, name), `${JSON.stringify(value, undefined, 1)}\n`);

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;

function operationTable(operations: readonly Operation[]): string {
  const rows = operations.map(({ name, doc, access, lane }) => {
    const rights = access.map((rule) =>
      typeof rule === "string" ? `\`${rule}\`` : `\`${rule.permission}\` if \`${rule.if}\``,
    );
    return row(`\`${name}\``, doc, rights.join(", "), lane);
  });
  return `${row("operation", "does", "needs the right", "lane")}${row("---", "---", "---", "---")}${rows.join("")}`;
}

function operationsPage(): string {
  const lanes =
    "Lanes: `read` answers at once from what was last published; `modify` waits for its turn; `long` is a job.";
  const sections = Object.entries(OPERATIONS).map(
    ([noun, operations]) => `## ${noun}\n\n${operationTable(Object.values(operations))}`,
  );
  return [lanes, ...sections].join("\n\n");
}

function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([kind, { code, detailed, http }]) =>
    row(String(code), `\`${kind}\``, detailed, String(http)),
  );
  const header = row("code", "kind", "message", "HTTP");
  return `Codes and messages are libvirt's; %s is the detail.\n\n${header}${row("---", "---", "---", "---")}${rows.join("")}`;
}

mkdirSync(REFERENCE, { recursive: true });
write("domain-xml.md", "Domain XML", markdown(Domain));
writeJson("domain.schema.json", {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Domain",
  ...jsonSchema(Domain),
});
write("operations.md", "Operations", operationsPage());
write("errors.md", "Errors", errorsPage());
