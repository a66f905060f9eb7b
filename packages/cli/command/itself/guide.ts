import { CommandError, type HandlersOf } from "../../answer.ts";
import { commandsOf, groups } from "../../catalog/index.ts";
import type { itselfCommands } from "../../catalog/itself.ts";
import { completeLine } from "../../complete.ts";
import { completionScript } from "../../completion.ts";
import { formatAllHelp, formatHelp } from "../../help.ts";

/** The whole table: group, command, summary. */
async function tableOfCommands(): Promise<unknown> {
  const parts = await Promise.all(
    groups.map(async (group) =>
      [...(await commandsOf(group))].map(([name, { summary }]) => ({
        group: group.keyword,
        name,
        summary,
      })),
    ),
  );
  return parts.flat();
}

export const handlers: HandlersOf<typeof itselfCommands> = {
  async help({ command }) {
    if (command === undefined)
      return { data: await tableOfCommands(), text: await formatAllHelp() };
    const text = await formatHelp(command);
    if (text === undefined)
      throw new CommandError(`command or command group '${command}' doesn't exist`);
    return { data: { help: text }, text };
  },

  async complete({ string }, context) {
    const found = await completeLine(string, context);
    return { data: found, text: found.map((word) => `${word}\n`).join("") };
  },

  async completion({ shell }) {
    const script = completionScript(shell);
    if (script === undefined)
      throw new CommandError(`no completion for shell '${shell}': only for bash and zsh`);
    return { data: { script }, text: script };
  },

  async connect({ name, readonly }, context) {
    const uri = name === undefined || name === "" ? undefined : name;
    await context.reconnect(uri, readonly || context.globals.readonly);
    return { data: {}, text: "" };
  },
};
