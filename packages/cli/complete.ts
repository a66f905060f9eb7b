import { findCommand, groups } from "./catalog/index.ts";
import type { Command, Option } from "./catalog/option.ts";
import type { Context } from "./context.ts";

const globalOptions = [
  "--connect",
  "--root",
  "--output",
  "--debug",
  "--escape",
  "--help",
  "--keepalive-interval",
  "--keepalive-count",
  "--log",
  "--quiet",
  "--readonly",
  "--timing",
  "--version",
];

/** Global options whose value is a word of its own. */
const globalsWithValue =
  /^(-[cdekKlo]|--(connect|root|output|debug|escape|keepalive-interval|keepalive-count|log))$/;

/**
 * Words that could stand where the last one stands.
 * `words` is everything typed so far; the last may be empty or unfinished.
 */
export async function completeLine(
  words: readonly string[],
  context: Context,
): Promise<readonly string[]> {
  const begin = skipGlobals(words);
  const last = words.at(-1) ?? "";
  const found =
    begin >= words.length - 1
      ? completeFirst(words, last)
      : await completeCommand(words.slice(begin), context);
  return found.filter((word) => word.startsWith(last));
}

/** Where the command begins. */
function skipGlobals(words: readonly string[]): number {
  let at = 0;
  while (at < words.length - 1 && (words[at] ?? "").startsWith("-"))
    at += globalsWithValue.test(words[at] ?? "") ? 2 : 1;
  return at;
}

function completeFirst(words: readonly string[], last: string): readonly string[] {
  if (words.at(-2) === "--output" || words.at(-2) === "-o") return ["text", "json", "yaml"];
  if (globalsWithValue.test(words.at(-2) ?? "")) return [];
  if (last.startsWith("-")) return globalOptions;
  return groups.flatMap((group) => group.topics.flatMap((topic) => topic.names));
}

async function completeCommand(
  words: readonly string[],
  context: Context,
): Promise<readonly string[]> {
  const command = await findCommand(words[0] ?? "");
  if (command === undefined) return [];
  const last = words.at(-1) ?? "";
  const before = words.slice(1, -1);
  const named = optionNamed(command, before.at(-1));
  if (named !== undefined) return await valuesOf(named, context);
  if (last.startsWith("-")) return unusedOptions(command, before);
  const next = nextPositional(command, before);
  return next === undefined ? unusedOptions(command, before) : await valuesOf(next, context);
}

/** The option a word such as `--domain` names, when it wants a value. */
function optionNamed(command: Command, word: string | undefined): string | undefined {
  const name = word?.startsWith("--") ? word.slice(2) : undefined;
  const option = name === undefined ? undefined : command.options[name];
  return option === undefined || option.kind === "flag" ? undefined : name;
}

const unusedOptions = (command: Command, before: readonly string[]): string[] =>
  Object.entries(command.options)
    .filter(([, option]) => option.kind !== "alias")
    .map(([name]) => `--${name}`)
    .filter((word) => !before.includes(word));

/** The option the next bare word goes to. */
function nextPositional(command: Command, before: readonly string[]): string | undefined {
  const used = new Set<string>();
  for (let at = 0; at < before.length; at++) {
    const name = optionNamed(command, before[at]);
    if (name !== undefined) {
      used.add(name);
      at += 1;
    } else if (!before[at]?.startsWith("--")) {
      const next = firstFree(command, used);
      if (next !== undefined) used.add(next);
    }
  }
  return firstFree(command, used);
}

const firstFree = (command: Command, used: ReadonlySet<string>): string | undefined =>
  Object.entries(command.options).find(([name, option]) => isFree(option) && !used.has(name))?.[0];

const isFree = (option: Option): boolean =>
  option.kind !== "flag" && option.kind !== "alias" && !option.named;

/** Names of the things an option is about, asked from the daemon. Never fails: no daemon, no words. */
async function valuesOf(option: string, context: Context): Promise<readonly string[]> {
  if (option === "command")
    return [
      ...groups.map(({ keyword }) => keyword),
      ...groups.flatMap((group) => group.topics.flatMap((topic) => topic.names)),
    ];
  try {
    const { namesOfObjects } = await import("./object-names.ts");
    return await namesOfObjects(option, await context.connection());
  } catch {
    return [];
  }
}
