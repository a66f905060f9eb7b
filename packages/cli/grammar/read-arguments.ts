import type { Arguments, ArgumentValue, Option } from "../catalog/option.ts";
import { GrammarError } from "./grammar-error.ts";
import type { ParsedCommand } from "./parse-command.ts";
import { parseNumber } from "./parse-number.ts";

/**
 * The values of every option of a command, by name, in the types of its declaration.
 * @throws GrammarError for an empty word where one is needed, or a malformed number
 */
export function readArguments(parsed: ParsedCommand): Arguments {
  const values: Record<string, ArgumentValue | undefined> = {};
  for (const [name, option] of Object.entries(parsed.command.options))
    values[name] = read(name, option, parsed.given.get(name));
  return values;
}

function read(
  name: string,
  option: Option,
  given: readonly string[] | undefined,
): ArgumentValue | undefined {
  switch (option.kind) {
    case "flag":
      return given !== undefined;
    case "words":
      return given ?? [];
    case "alias":
      return undefined;
    case "text": {
      const word = given?.[0];
      if (word === "" && !option.emptyOk)
        throw new GrammarError(`Failed to get option '${name}': Option argument is empty`);
      return word;
    }
    case "number": {
      const word = given?.[0];
      return word === undefined ? undefined : parseNumber(option, name, word);
    }
  }
}
