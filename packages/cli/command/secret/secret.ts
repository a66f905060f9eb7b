import { readFile } from "node:fs/promises";
import { attempt, CommandError, document, done, type HandlersOf } from "../../answer.ts";
import type { secretCommands } from "../../catalog/secret.ts";
import { bits, exclusive } from "../../flags.ts";
import { findSecret } from "../../lookup.ts";
import { readDescription, systemReason } from "../../read-file.ts";
import { formatTable } from "../../table.ts";
import { selected } from "../../xpath-output.ts";

/** virSecretUsageType. */
const usageTypes = ["none", "volume", "ceph", "iscsi", "tls", "vtpm"];

async function readSecretFile(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new CommandError(`Failed to open file '${path}': ${systemReason(error)}`);
  }
}

export const handlers: HandlersOf<typeof secretCommands> = {
  async "secret-define"({ file, validate }, context) {
    const xml = await readDescription(file);
    const connection = await context.connection();
    const { secret } = await attempt(
      `Failed to set attributes from ${file}`,
      connection.call("secretDefineXml", { xml, flags: bits([validate, 1]) }),
    );
    return done(`Secret ${secret.uuid} created`, secret);
  },

  async "secret-dumpxml"({ secret: word, ...choice }, context) {
    const connection = await context.connection();
    const secret = await findSecret(connection, word);
    const { xml } = await connection.call("secretGetXmlDesc", { secret, flags: 0 });
    return document(selected(xml, choice));
  },

  async "secret-list"(args, context) {
    const flags = bits(
      [args.ephemeral, 1],
      [args["no-ephemeral"], 2],
      [args.private, 4],
      [args["no-private"], 8],
    );
    const connection = await context.connection();
    const { secrets } = await attempt(
      "Failed to list node secrets",
      connection.call("connectListAllSecrets", { need_results: 1, flags }),
    );
    const sorted = secrets.toSorted((a, b) => (a.uuid < b.uuid ? -1 : 1));
    const rows = sorted.map(({ uuid, usageType, usageID }) => [
      uuid,
      usageType === 0 ? "Unused" : `${usageTypes[usageType] ?? "unknown"} ${usageID}`,
    ]);
    return { data: sorted, text: (view) => formatTable(["UUID", "Usage"], rows, view) };
  },

  async "secret-get-value"({ secret: word, plain }, context) {
    const connection = await context.connection();
    const secret = await findSecret(connection, word);
    const { value } = await connection.call("secretGetValue", { secret, flags: 0 });
    const base64 = Buffer.from(value).toString("base64");
    const text = plain ? Buffer.from(value).toString("utf8") : base64;
    return { data: { base64 }, text };
  },

  async "secret-set-value"(args, context) {
    exclusive(args, "file", "base64");
    exclusive(args, "plain", "base64");
    exclusive(args, "interactive", "base64");
    exclusive(args, "interactive", "file");
    if (args.interactive)
      throw new CommandError("option --interactive is not implemented in vireo yet");
    const connection = await context.connection();
    const secret = await findSecret(connection, args.secret);
    const written = args.file === undefined ? args.base64 : await readSecretFile(args.file);
    if (written === undefined) throw new CommandError("Input secret value is missing");
    if (args.file === undefined)
      context.complain("Passing secret value as command-line argument is insecure!");
    const value =
      args.plain && Buffer.isBuffer(written) ? written : Buffer.from(String(written), "base64");
    await attempt(
      "Failed to set secret value",
      connection.call("secretSetValue", { secret, value, flags: 0 }),
    );
    return done("Secret value set", { uuid: secret.uuid });
  },

  async "secret-undefine"({ secret: word }, context) {
    const connection = await context.connection();
    const secret = await findSecret(connection, word);
    await attempt(`Failed to delete secret ${word}`, connection.call("secretUndefine", { secret }));
    return done(`Secret ${word} deleted`, { uuid: secret.uuid });
  },
};
