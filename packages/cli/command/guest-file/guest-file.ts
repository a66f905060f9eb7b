import { resolve } from "node:path";
import { attempt, CommandError, done, type Answer, type HandlersOf } from "../../answer.ts";
import type { guestFileCommands } from "../../catalog/guest-file.ts";
import type { Connection } from "../../connection.ts";
import { chooseDisks } from "./disk-choice.ts";
import { diskOptions, runLibguestfs } from "./libguestfs.ts";

interface Wish {
  readonly subject: string;
  readonly mount?: string | undefined;
}

/** Runs one command of guestfish with the file systems mounted. */
async function fish(
  connection: Connection,
  { subject, mount }: Wish,
  { command, writes = false }: { command: readonly string[]; writes?: boolean },
): Promise<string> {
  const disks = await chooseDisks(connection, subject, writes);
  const place = mount === undefined ? ["-i"] : ["-m", mount];
  const options = [writes ? "--rw" : "--ro", ...diskOptions(disks), ...place];
  return await runLibguestfs(connection, ["guestfish", ...options, "--", ...command], {
    interactive: command[0] === "edit",
  });
}

const shown = (data: unknown, text: string): Answer => ({ data, text });

/** What is inside has a colon before it. */
function copyCommand(source: string, target: string): { command: string[]; writes: boolean } {
  const [out, into] = [source.startsWith(":/"), target.startsWith(":/")];
  if (out === into)
    throw new CommandError("one of source and target must be inside: a colon and an absolute path");
  return out
    ? { command: ["copy-out", source.slice(1), resolve(target)], writes: false }
    : { command: ["copy-in", resolve(source), target.slice(1)], writes: true };
}

export const handlers: HandlersOf<typeof guestFileCommands> = {
  async "fs-ls"(wish, context) {
    const connection = await context.connection();
    const command = ["ls", wish.path];
    const text = await attempt(
      `Failed to list '${wish.path}'`,
      fish(connection, wish, { command }),
    );
    return shown(text.split("\n").slice(0, -1), text);
  },

  async "fs-cat"(wish, context) {
    const connection = await context.connection();
    const command = ["download", wish.path, "/dev/stdout"];
    const text = await attempt(
      `Failed to read '${wish.path}'`,
      fish(connection, wish, { command }),
    );
    return shown({ text }, text);
  },

  async "fs-cp"(wish, context) {
    const connection = await context.connection();
    const copy = copyCommand(wish.source, wish.target);
    await attempt(`Failed to copy '${wish.source}'`, fish(connection, wish, copy));
    return done(`${wish.source} copied to ${wish.target}`);
  },

  async "fs-edit"(wish, context) {
    const connection = await context.connection();
    const command = ["edit", wish.path];
    await attempt(
      `Failed to edit '${wish.path}'`,
      fish(connection, wish, { command, writes: true }),
    );
    return done(`${wish.path} edited`);
  },

  async "fs-df"({ subject }, context) {
    const connection = await context.connection();
    const disks = await chooseDisks(connection, subject, false);
    const text = await runLibguestfs(connection, ["virt-df", ...diskOptions(disks)]);
    return shown({ text }, text);
  },

  async "fs-partitions"({ subject }, context) {
    const connection = await context.connection();
    const disks = await chooseDisks(connection, subject, false);
    const list = ["--all", "--long", "-h", ...diskOptions(disks)];
    const text = await runLibguestfs(connection, ["virt-filesystems", ...list]);
    return shown({ text }, text);
  },
};
