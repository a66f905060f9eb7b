import { homedir } from "node:os";
import { type Answer, CommandError, type HandlersOf, line } from "../../answer.ts";
import type { itselfCommands } from "../../catalog/itself.ts";
import type { Context } from "../../context.ts";
import { escapeShell, escapeXml } from "../../grammar/escape.ts";

/** Leaves the program; nothing is printed after it. */
async function leave(_: object, context: Context): Promise<Answer | undefined> {
  context.quit();
  if (context.interactive && !context.globals.quiet) context.print("\n");
  return undefined;
}

/** `a,b,,c` is `a` and `b,c`. */
const splitCommas = (word: string): string[] =>
  word.split(/(?<!,),(?!,)/).map((part) => part.replaceAll(",,", ","));

export const handlers: HandlersOf<typeof itselfCommands> = {
  async cd({ dir }, context) {
    if (!context.interactive) throw new CommandError("cd: command valid only in interactive mode");
    const target = dir ?? homedir();
    try {
      process.chdir(target);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandError(`cd: cannot change to '${target}': ${reason}`);
    }
    return { data: { dir: process.cwd() }, text: "" };
  },

  async pwd() {
    return line(process.cwd(), { dir: process.cwd() });
  },

  async echo({ shell, xml, split, err, string }, context) {
    if (shell && split)
      throw new CommandError("Options --shell and --split are mutually exclusive");
    const escape = (word: string): string => {
      const inXml = xml ? escapeXml(word) : word;
      return shell ? escapeShell(inXml) : inXml;
    };
    const parts = string.map((word) =>
      split
        ? splitCommas(word)
            .map((part) => `${escape(part)}\n`)
            .join("")
        : escape(word),
    );
    const text = parts.join(" ");
    if (err) {
      context.complain(text);
      return undefined;
    }
    return { data: { words: string }, text };
  },

  quit: leave,
  exit: leave,
};
