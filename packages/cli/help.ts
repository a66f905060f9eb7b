import { commandsOf, findCommand, type Group, groups } from "./catalog/index.ts";
import type { Command, Option } from "./catalog/option.ts";

/** `help COMMAND`: name, synopsis, description and options in virsh's layout. */
export function formatCommandHelp(name: string, command: Command): string {
  const described = Object.entries(command.options).filter(([, option]) => option.kind !== "alias");
  const synopsis = [name, ...formatSynopsis(described)].join(" ");
  const lines = ["  NAME", `    ${name} - ${command.summary}`, "", "  SYNOPSIS", `    ${synopsis}`];
  lines.push("", "  DESCRIPTION", `    ${command.detail ?? `${command.summary}.`}`);
  if (described.length > 0) {
    const positional = takesPositional(described);
    lines.push("", "  OPTIONS");
    for (const [option, declared] of described)
      lines.push(`    ${optionForm(option, declared, positional).padEnd(15)}  ${declared.doc}`);
  }
  return `${lines.join("\n")}\n\n`;
}

type Described = readonly (readonly [string, Option])[];

/** Whether an option before the last may be given as a bare word. */
const takesPositional = (described: Described): boolean =>
  described.some(
    ([, option]) => (option.kind === "text" || option.kind === "number") && !option.named,
  );

function formatSynopsis(described: Described): string[] {
  let positional = false;
  return described.map(([name, option]) => {
    const form = synopsisForm(name, option, positional);
    if ((option.kind === "text" || option.kind === "number") && !option.named) positional = true;
    return form;
  });
}

function synopsisForm(name: string, option: Option, positional: boolean): string {
  switch (option.kind) {
    case "flag":
      return `[--${name}]`;
    case "number":
      return option.required ? `<${name}>` : `[--${name} <number>]`;
    case "text":
      return option.required ? `<${name}>` : `[--${name} <string>]`;
    case "words": {
      const word = positional ? `[--${name}] <string>` : `<${name}>`;
      return option.required ? `{${word}}...` : `[${word}]...`;
    }
    case "alias":
      return "";
  }
}

function optionForm(name: string, option: Option, positional: boolean): string {
  switch (option.kind) {
    case "number":
      return option.required ? `[--${name}] <number>` : `--${name} <number>`;
    case "text":
      return option.required ? `[--${name}] <string>` : `--${name} <string>`;
    case "words":
      return positional ? `[--${name}] <string>` : `<${name}>`;
    case "flag":
    case "alias":
      return `--${name}`;
  }
}

/** The lines of one group, without a heading. */
async function formatGroup(group: Group): Promise<string> {
  const commands = await commandsOf(group);
  return [...commands]
    .map(([name, command]) => `    ${name.padEnd(30)} ${command.summary}\n`)
    .join("");
}

const heading = (group: Group): string => ` ${group.title} (help keyword '${group.keyword}')`;

/** `help`: every command by group. */
export async function formatAllHelp(): Promise<string> {
  const parts = await Promise.all(
    groups.map(async (group) => `${heading(group)}:\n${await formatGroup(group)}\n`),
  );
  return `Grouped commands:\n\n${parts.join("")}`;
}

/** `help WORD` for a command or a group; undefined when it is neither. */
export async function formatHelp(word: string): Promise<string | undefined> {
  const keyword = word === "virsh" ? "vireo" : word;
  const group = groups.find((known) => known.keyword === keyword || known.title === word);
  if (group !== undefined) return `${heading(group)}:\n${await formatGroup(group)}`;
  const command = await findCommand(word);
  if (command === undefined) return undefined;
  const target = command.aliasOf === undefined ? undefined : await findCommand(command.aliasOf);
  return formatCommandHelp(command.aliasOf ?? word, target ?? command);
}

const usageOptions: readonly (readonly [string, string])[] = [
  ["-c | --connect=URI", "address of the daemon"],
  ["     --root=DIR", "the vireod whose files are under DIR"],
  ["-o | --output=FORMAT", "text, json or yaml"],
  ["-d | --debug=NUM", "debug level [0-4]"],
  ["-e | --escape <char>", "character that ends a console"],
  ["-h | --help", "this help"],
  [
    "-k | --keepalive-interval=NUM",
    "seconds of silence before asking whether the daemon lives, 0 for never",
  ],
  ["-K | --keepalive-count=NUM", "how often to ask before giving up"],
  ["-l | --log=FILE", "also write messages to FILE"],
  ["-q | --quiet", "without headers and messages"],
  ["-r | --readonly", "only look, change nothing"],
  ["-t | --timing", "say how long commands take"],
  ["-v", "short version"],
  ["-V", "long version"],
  ["     --version[=TYPE]", "version, short or long"],
];

/** `vireo --help`. */
export async function formatUsage(): Promise<string> {
  const options = usageOptions.map(([form, doc]) =>
    form.length > 23 ? `    ${form}\n${" ".repeat(28)}${doc}\n` : `    ${form.padEnd(23)} ${doc}\n`,
  );
  const parts = await Promise.all(
    groups.map(async (group) => `${heading(group)}\n${await formatGroup(group)}\n`),
  );
  return [
    "\nvireo [options]... [<command_string>]\nvireo [options]... <command> [args...]\n\n  options:\n",
    ...options,
    "  commands (non interactive mode):\n\n",
    ...parts,
    "\n  (specify help <group> for details about the commands in the group)\n",
    "\n  (specify help <command> for details about the command)\n\n",
  ].join("");
}
