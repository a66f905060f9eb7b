/** Where the daemon's log goes and how much of it; both may be changed while it runs, in libvirt's words. */
import { resolve } from "node:path";
import { pino, type DestinationStream, type Logger } from "pino";
import { virError } from "@vireo/model/error";
import { hostError } from "./errno.ts";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One of an administrator's settings as it is shown, and from which priority on it lets lines through. */
interface Setting {
  /** 1 debug, 2 info, 3 warning, 4 error. */
  readonly priority: number;
  readonly shown: string;
}

interface Output extends Setting {
  readonly stream: ReturnType<typeof pino.destination>;
}

/** A priority of its own for lines that fit a pattern. */
interface Filter extends Setting {
  readonly pattern: RegExp;
}

const STDERR = 2;
/** More settings, and longer ones, than anybody writes. */
const SETTINGS_MAX = 64;
const PATTERN_MAX = 256;

const priorityOf = (level: LogLevel): number => LOG_LEVELS.indexOf(level) + 1;
/** pino counts its levels in tens, from 20 for debug. */
const priorityOfPino = (level: number): number => level / 10 - 1;

const invalid = (why: string) => virError("invalidArg", why, { from: 0 });

/** `PRIORITY:REST`, undefined when it has not that form. */
function parted(word: string): { readonly priority: number; readonly rest: string } | undefined {
  const [, priority, rest] = /^(\d+):(.+)$/.exec(word) ?? [];
  return priority === undefined || rest === undefined
    ? undefined
    : { priority: Number(priority), rest };
}

const isPriority = (priority: number): boolean => priority >= 1 && priority <= LOG_LEVELS.length;

function words(text: string): readonly string[] {
  const found = text.split(/\s+/).filter((word) => word !== "");
  if (found.length > SETTINGS_MAX) throw invalid(`more than ${SETTINGS_MAX} log settings`);
  return found;
}

/** libvirt looks for the words anywhere in the name of a source file; our lines are their own source. */
function filterOf(word: string): Filter {
  const parts = parted(word);
  if (parts === undefined || word.length > PATTERN_MAX)
    throw invalid(`Malformed format for filter '${word}'`);
  const { priority, rest } = parts;
  if (!isPriority(priority)) throw invalid(`Invalid priority '${priority}' for filter '${word}'`);
  const inner = rest.replace(/^\*+|\*+$/g, "");
  const pattern = inner.replace(
    /[\\^$.*+?()[\]{}|]/g,
    (c) => ({ "*": ".*", "?": "." })[c] ?? `\\${c}`,
  );
  return { priority, shown: `${priority}:*${inner}*`, pattern: new RegExp(pattern, "i") };
}

function outputOf(word: string): Output {
  const parts = parted(word);
  if (parts === undefined) throw invalid(`Malformed format for log output '${word}'`);
  const { priority, rest } = parts;
  if (!isPriority(priority))
    throw invalid(`Invalid log priority '${priority}' for log output '${word}'`);
  const [destination = "", ...more] = rest.split(":");
  if (destination === "stderr")
    return { priority, shown: `${priority}:stderr`, stream: pino.destination(STDERR) };
  if (destination === "file" && more.length > 0) {
    const path = resolve(more.join(":"));
    return { priority, shown: `${priority}:file:${path}`, stream: fileStream(path) };
  }
  throw invalid(`Invalid log destination '${destination}' for log output '${word}'`);
}

function fileStream(path: string): Output["stream"] {
  try {
    const stream = pino.destination({ dest: path, append: true, sync: true });
    stream.on("error", () => undefined); // a full disk must not end the daemon
    return stream;
  } catch (error) {
    throw hostError(`Cannot write the log to '${path}'`, error);
  }
}

const shownAll = (settings: readonly Setting[]) => ({
  text: settings.map(({ shown }) => shown).join(" "),
  count: settings.length,
});

/** The daemon's log: one for the process. */
export class DaemonLog {
  readonly logger: Logger;
  readonly #level: LogLevel;
  #outputs: readonly Output[];
  #filters: readonly Filter[] = [];

  /** @param level of lines that no filter is about, and of the output that there is at first */
  constructor(level: LogLevel) {
    this.#level = level;
    this.#outputs = [this.#firstOutput()];
    const stream: DestinationStream & { lastLevel: number } = {
      lastLevel: 0,
      write: (line) => this.#write(line, priorityOfPino(stream.lastLevel)),
    };
    Object.assign(stream, { [Symbol.for("pino.metadata")]: true }); // pino tells each line's level then
    this.logger = pino({ level, base: null }, stream);
  }

  /** Where it goes, as libvirt writes it: `PRIORITY:stderr`, `PRIORITY:file:PATH`. */
  get outputs(): { readonly text: string; readonly count: number } {
    return shownAll(this.#outputs);
  }

  get filters(): { readonly text: string; readonly count: number } {
    return shownAll(this.#filters);
  }

  /**
   * All outputs from now on; none means the first one again.
   * @throws VireoError `invalidArg`, `systemError`; then everything is as before
   */
  setOutputs(text: string): void {
    const made: Output[] = [];
    try {
      for (const word of words(text)) made.push(outputOf(word));
    } catch (error) {
      close(made);
      throw error;
    }
    const before = this.#outputs;
    this.#outputs = made.length === 0 ? [this.#firstOutput()] : made;
    close(before);
  }

  /** All filters from now on. @throws VireoError `invalidArg` */
  setFilters(text: string): void {
    this.#filters = words(text).map(filterOf);
    const lowest = Math.min(
      priorityOf(this.#level),
      ...this.#filters.map(({ priority }) => priority),
    );
    this.logger.level = LOG_LEVELS[lowest - 1] ?? this.#level;
  }

  #firstOutput(): Output {
    return outputOf(`${priorityOf(this.#level)}:stderr`);
  }

  #write(line: string, priority: number): void {
    const filter = this.#filters.find(({ pattern }) => pattern.test(line));
    if (priority < (filter?.priority ?? priorityOf(this.#level))) return;
    for (const output of this.#outputs) if (priority >= output.priority) output.stream.write(line);
  }
}

function close(outputs: readonly Output[]): void {
  for (const { shown, stream } of outputs) if (!shown.endsWith(":stderr")) stream.end();
}
