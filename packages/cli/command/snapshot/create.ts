import { type Answer, CommandError, done, type HandlersOf } from "../../answer.ts";
import type { snapshotCommands } from "../../catalog/snapshot.ts";
import type { Connection } from "../../connection.ts";
import { bits } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { readDescription } from "../../read-file.ts";
import { branch, formatAttributes, leaf, textLine } from "../../xml-line.ts";

const noDeadline = { timeoutMs: Number.POSITIVE_INFINITY };

interface CreateChoice {
  readonly "no-metadata": boolean;
  readonly halt: boolean;
  readonly "disk-only": boolean;
  readonly "reuse-external": boolean;
  readonly quiesce: boolean;
  readonly atomic: boolean;
  readonly live: boolean;
  readonly validate: boolean;
}

/** virDomainSnapshotCreateFlags. */
const createFlags = (choice: CreateChoice): number =>
  bits(
    [choice["no-metadata"], 1 << 2],
    [choice.halt, 1 << 3],
    [choice["disk-only"], 1 << 4],
    [choice["reuse-external"], 1 << 5],
    [choice.quiesce, 1 << 6],
    [choice.atomic, 1 << 7],
    [choice.live, 1 << 8],
    [choice.validate, 1 << 9],
  );

/** `a=b,c=d`, with `,,` for a comma; the first word may stand without a name. */
function parseSpec(text: string, first: string): { [name: string]: string } {
  const parts = text.split(/(?<!,),(?!,)/).map((part) => part.replaceAll(",,", ","));
  return Object.fromEntries(
    parts.map((part, index) => {
      const equals = part.indexOf("=");
      if (equals === -1) {
        if (index > 0) throw new CommandError(`unable to parse spec: ${text}`);
        return [first, part];
      }
      return [part.slice(0, equals), part.slice(equals + 1)];
    }),
  );
}

function diskLines(text: string): string[] {
  const { name, snapshot, driver, stype, file } = parseSpec(text, "name");
  const children = [
    ...leaf("driver", { type: driver }),
    ...leaf("source", { [stype === "block" ? "dev" : "file"]: file }),
  ];
  const head = formatAttributes({ name, snapshot, type: stype });
  return children.length === 0 ? [`<disk${head}/>`] : branch(`disk${head}`, "disk", children);
}

function memoryLines(text: string | undefined): string[] {
  if (text === undefined) return [];
  const { file, snapshot } = parseSpec(text, "file");
  return leaf("memory", { snapshot, file });
}

async function create(
  connection: Connection,
  { domain, xml, flags, from }: { domain: string; xml: string; flags: number; from?: string },
): Promise<Answer> {
  const dom = await findDomain(connection, domain);
  const { snap } = await connection.call(
    "domainSnapshotCreateXml",
    { dom, xml_desc: xml, flags },
    noDeadline,
  );
  const origin = from === undefined ? "" : ` from '${from}'`;
  return done(`Domain snapshot ${snap.name} created${origin}`, { name: snap.name });
}

export const handlers: HandlersOf<typeof snapshotCommands> = {
  async "snapshot-create"(args, context) {
    const { domain, xmlfile, redefine, current } = args;
    if (current && !redefine) throw new CommandError("--current requires --redefine");
    const flags = createFlags(args) | bits([redefine, 1], [current, 2]);
    const xml = xmlfile === undefined ? "<domainsnapshot/>" : await readDescription(xmlfile);
    const connection = await context.connection();
    const from = xmlfile === undefined ? {} : { from: xmlfile };
    return await create(connection, { domain, xml, flags, ...from });
  },

  async "snapshot-create-as"(args, context) {
    const children = [
      ...textLine("name", args.name),
      ...textLine("description", args.description),
      ...memoryLines(args.memspec),
      ...branch("disks", "disks", args.diskspec.flatMap(diskLines)),
    ];
    const rows = ["<domainsnapshot>", ...children.map((row) => `  ${row}`), "</domainsnapshot>"];
    const xml = rows.map((row) => `${row}\n`).join("");
    if (args["print-xml"]) return { data: { xml }, text: `${xml}\n` };
    const flags = createFlags(args);
    return await create(await context.connection(), { domain: args.domain, xml, flags });
  },
};
