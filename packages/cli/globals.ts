import { type Format, formats } from "./format.ts";
import { GrammarError } from "./grammar/grammar-error.ts";

/** What is said before the command. */
export interface Globals {
  readonly connect?: string;
  /** Everything of the daemon is under this directory; a shortcut for its socket. */
  readonly root?: string;
  readonly readonly: boolean;
  readonly quiet: boolean;
  readonly timing: boolean;
  /** The control character that ends a console. */
  readonly escape: string;
  readonly keepaliveInterval: number;
  readonly keepaliveCount: number;
  readonly debug: number;
  readonly log?: string;
  readonly output: Format;
  /** Print this and stop. */
  readonly only?: "help" | "version" | "long-version";
}

interface GlobalOption {
  readonly short?: string;
  readonly long?: string;
  /** Absent: a flag; "optional": only in the form `--long=VALUE`. */
  readonly value?: "required" | "optional";
  apply(value: string, seen: Seen): void;
}

interface Seen {
  globals: { -readonly [K in keyof Globals]: Globals[K] };
  warnings: string[];
}

const seconds = (letter: string, value: string): number => {
  if (!/^-?\d+$/.test(value)) throw new GrammarError(`Invalid value for option -${letter}`);
  const number = Number(value);
  if (number < 0 || number > 0x7fff_ffff)
    throw new GrammarError(`option -${letter} requires a positive integer argument`);
  return number;
};

function applyDebug(value: string, { globals, warnings }: Seen): void {
  if (!/^\d+$/.test(value)) throw new GrammarError("option --debug takes a numeric argument");
  const level = Number(value);
  if (level > 4) warnings.push(`ignoring debug level ${value} out of range [0-4]`);
  else globals.debug = level;
}

function applyEscape(value: string, { globals }: Seen): void {
  if (!/^(\^[@-_a-z]|.)$/.test(value))
    throw new GrammarError(`Invalid string '${value}' for escape sequence`);
  globals.escape = value;
}

function applyOutput(value: string, { globals }: Seen): void {
  const format = formats.find((known) => known === value);
  if (format === undefined)
    throw new GrammarError(`option --output requires one of ${formats.join(", ")}`);
  globals.output = format;
}

const options: readonly GlobalOption[] = [
  {
    short: "c",
    long: "connect",
    value: "required",
    apply: (value, { globals }) => void (globals.connect = value),
  },
  { long: "root", value: "required", apply: (value, { globals }) => void (globals.root = value) },
  { short: "d", long: "debug", value: "required", apply: applyDebug },
  { short: "e", long: "escape", value: "required", apply: applyEscape },
  { short: "h", long: "help", apply: (_, { globals }) => void (globals.only = "help") },
  {
    short: "k",
    long: "keepalive-interval",
    value: "required",
    apply: (value, { globals }) => void (globals.keepaliveInterval = seconds("k", value)),
  },
  {
    short: "K",
    long: "keepalive-count",
    value: "required",
    apply: (value, { globals }) => void (globals.keepaliveCount = seconds("K", value)),
  },
  {
    short: "l",
    long: "log",
    value: "required",
    apply: (value, { globals }) => void (globals.log = value),
  },
  { short: "o", long: "output", value: "required", apply: applyOutput },
  { short: "q", long: "quiet", apply: (_, { globals }) => void (globals.quiet = true) },
  { short: "r", long: "readonly", apply: (_, { globals }) => void (globals.readonly = true) },
  { short: "t", long: "timing", apply: (_, { globals }) => void (globals.timing = true) },
  { short: "v", apply: (_, { globals }) => void (globals.only = "version") },
  { short: "V", apply: (_, { globals }) => void (globals.only = "long-version") },
  {
    long: "version",
    value: "optional",
    apply: (value, { globals }) =>
      void (globals.only = value === "long" ? "long-version" : "version"),
  },
];

/** The command line of the program: what is said before the command, and the words of the command. */
export interface CommandLine {
  readonly globals: Globals;
  readonly words: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Reads the options before the command; the first word that is no option begins the command.
 * @throws GrammarError with virsh's texts
 */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const seen: Seen = { globals: { ...defaults }, warnings: [] };
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") {
      at += 1;
      break;
    }
    if (!word.startsWith("-") || word === "-") break;
    at += word.startsWith("--")
      ? takeLong(word, words[at + 1], seen)
      : takeShort(word, words[at + 1], seen);
    if (seen.globals.only !== undefined) break;
  }
  return { globals: seen.globals, words: words.slice(at), warnings: seen.warnings };
}

const defaults: Globals = {
  readonly: false,
  quiet: false,
  timing: false,
  escape: "^]",
  keepaliveInterval: 5,
  keepaliveCount: 6,
  debug: 4,
  output: "text",
};

/** Answers how many further words were used. */
function takeLong(word: string, next: string | undefined, seen: Seen): number {
  const equals = word.indexOf("=");
  const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
  const inline = equals === -1 ? undefined : word.slice(equals + 1);
  const option = options.find((known) => known.long === name);
  if (option === undefined || (option.value === undefined && inline !== undefined))
    throw new GrammarError(`unsupported option '${word}'. See --help.`);
  return applyOption(option, { inline, next }, seen);
}

function takeShort(word: string, next: string | undefined, seen: Seen): number {
  for (let at = 1; at < word.length; at++) {
    const letter = word.charAt(at);
    const option = options.find((known) => known.short === letter);
    if (option === undefined)
      throw new GrammarError(`unsupported option '-${letter}'. See --help.`);
    if (option.value !== undefined)
      return applyOption(option, { inline: word.slice(at + 1) || undefined, next }, seen);
    option.apply("", seen);
  }
  return 0;
}

function applyOption(
  option: GlobalOption,
  { inline, next }: { inline: string | undefined; next: string | undefined },
  seen: Seen,
): number {
  if (option.value !== "required" || inline !== undefined) {
    option.apply(inline ?? "", seen);
    return 0;
  }
  if (next === undefined)
    throw new GrammarError(
      `option ${[option.short && `'-${option.short}'`, `'--${option.long}'`].filter(Boolean).join("/")} requires an argument`,
    );
  option.apply(next, seen);
  return 1;
}
