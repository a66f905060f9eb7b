import type { Command, Option } from "../catalog/option.ts";
import { GrammarError } from "./grammar-error.ts";

/** One command as written: which, and the words given for each option. */
export interface ParsedCommand {
  readonly name: string;
  readonly command: Command;
  /** In order of the line; a flag is given with no words. */
  readonly given: ReadonlyMap<string, readonly string[]>;
}

export type FindCommand = (name: string) => Promise<Command | undefined>;

const optionWord = /^--[A-Za-z0-9]/;

/**
 * Reads the words of one command. `--help` anywhere turns it into `help COMMAND`.
 * @throws GrammarError with virsh's texts
 */
export async function parseCommand(
  words: readonly string[],
  find: FindCommand,
): Promise<ParsedCommand> {
  const [written = "", ...rest] = words;
  const declared = await find(written);
  if (declared === undefined) throw new GrammarError(`unknown command: '${written}'`);
  const name = declared.aliasOf ?? written;
  const command = (await find(name)) ?? declared;
  const reader = new WordReader(name, command, rest);
  if (reader.read() === "help") return helpFor(name, find);
  reader.checkRequired();
  return { name, command, given: reader.given };
}

async function helpFor(name: string, find: FindCommand): Promise<ParsedCommand> {
  const help = await find("help");
  if (help === undefined) throw new GrammarError("unknown command: 'help'");
  return { name: "help", command: help, given: new Map([["command", [name]]]) };
}

/** Hands the words of a line out to the options of one command. */
class WordReader {
  readonly given = new Map<string, string[]>();
  readonly #name: string;
  readonly #command: Command;
  readonly #words: readonly string[];
  #at = 0;

  constructor(name: string, command: Command, words: readonly string[]) {
    this.#name = name;
    this.#command = command;
    this.#words = words;
  }

  read(): "done" | "help" {
    let dataOnly = false;
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at++] ?? "";
      if (!dataOnly && word === "--") dataOnly = true;
      else if (!dataOnly && optionWord.test(word)) {
        if (this.#takeOption(word.slice(2)) === "help") return "help";
      } else this.#takeData(word);
    }
    return "done";
  }

  /** @throws GrammarError naming every option that is required and was not given, a line each */
  checkRequired(): void {
    const missing = Object.entries(this.#command.options)
      .filter(([name, option]) => option.required && !this.given.has(name))
      .map(([name, option]) => (option.kind === "number" ? `--${name}` : `<${name}>`));
    if (missing.length === 0) return;
    const lines = missing.map((form) => `command '${this.#name}' requires ${form} option`);
    throw new GrammarError(lines.join("\n"));
  }

  #takeOption(word: string): "taken" | "help" {
    const equals = word.indexOf("=");
    const written = equals === -1 ? word : word.slice(0, equals);
    const inline = equals === -1 ? undefined : word.slice(equals + 1);
    if (written === "help") return "help";
    const declared = this.#command.options[written];
    if (declared === undefined)
      throw new GrammarError(`command '${this.#name}' doesn't support option --${written}`);
    if (declared.kind === "alias") this.#takeAlias(written, declared, inline);
    else this.#takeNamed(written, declared, inline);
    return "taken";
  }

  #takeAlias(
    written: string,
    declared: Extract<Option, { kind: "alias" }>,
    inline: string | undefined,
  ): void {
    const target = this.#command.options[declared.target];
    if (target === undefined) throw new GrammarError(`option --${written} leads nowhere`);
    if (declared.value === undefined) this.#takeNamed(declared.target, target, inline);
    else if (inline === undefined) this.#give(declared.target, target, declared.value);
    else throw new GrammarError(`invalid '=' after option --${written}`);
  }

  #takeNamed(name: string, option: Option, inline: string | undefined): void {
    if (option.kind === "flag") {
      if (inline !== undefined) throw new GrammarError(`invalid '=' after option --${name}`);
      this.#give(name, option);
      return;
    }
    const value = inline ?? this.#words[this.#at++];
    if (value === undefined)
      throw new GrammarError(
        `expected syntax: --${name} <${option.kind === "number" ? "number" : "string"}>`,
      );
    this.#give(name, option, value);
  }

  #takeData(word: string): void {
    const free = Object.entries(this.#command.options).find(
      ([name, option]) =>
        option.kind !== "flag" &&
        option.kind !== "alias" &&
        !option.named &&
        (option.kind === "words" || !this.given.has(name)),
    );
    if (free === undefined) throw new GrammarError(`unexpected data '${word}'`);
    this.#give(free[0], free[1], word);
  }

  #give(name: string, option: Option, word?: string): void {
    const before = this.given.get(name);
    if (before !== undefined && option.kind !== "words")
      throw new GrammarError(`option --${name} already seen`);
    this.given.set(name, [...(before ?? []), ...(word === undefined ? [] : [word])]);
  }
}
