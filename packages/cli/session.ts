import { appendFileSync } from "node:fs";
import { type Answer, CommandError } from "./answer.ts";
import { findCommand } from "./catalog/index.ts";
import { findHandler } from "./command/index.ts";
import type { Connection } from "./connection.ts";
import type { Context } from "./context.ts";
import { type Format, formats } from "./format.ts";
import type { Globals } from "./globals.ts";
import { messagesOf } from "./error-message.ts";
import { GrammarError } from "./grammar/grammar-error.ts";
import { type ParsedCommand, parseCommand } from "./grammar/parse-command.ts";
import { readArguments } from "./grammar/read-arguments.ts";
import { formatAnswer } from "./output.ts";

/** Opens a connection. */
export type Open = (where: Where) => Promise<Connection>;

export interface Where {
  /** Said by `connect`; the globals and the environment decide when it is undefined. */
  readonly uri: string | undefined;
  readonly readonly: boolean;
  readonly globals: Globals;
}

/** One run of the program: its connection, and the commands run over it. */
export class Session implements Context {
  readonly globals: Globals;
  readonly interactive: boolean;
  readonly #open: Open;
  #format: Format;
  #uri: string | undefined;
  #readonly: boolean;
  #connection: Promise<Connection> | undefined;
  #interrupt: AbortController | undefined;
  #left = false;
  readonly #interrupted = (): void => this.#interrupt?.abort();

  constructor(globals: Globals, interactive: boolean, open: Open) {
    this.globals = globals;
    this.interactive = interactive;
    this.#open = open;
    this.#readonly = globals.readonly;
    this.#format = globals.output;
  }

  get format(): Format {
    return this.#format;
  }

  /** A command asked to leave. */
  get left(): boolean {
    return this.#left;
  }

  get readonly(): boolean {
    return this.#readonly;
  }

  connection(): Promise<Connection> {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  async #connect(): Promise<Connection> {
    try {
      const connection = await this.#open({
        uri: this.#uri,
        readonly: this.#readonly,
        globals: this.globals,
      });
      void connection.closed.then(() => (this.#connection = undefined));
      return connection;
    } catch (error) {
      this.#connection = undefined;
      throw new CommandError("failed to connect to the hypervisor", error);
    }
  }

  async reconnect(uri: string | undefined, readonly: boolean): Promise<void> {
    await this.close();
    this.#uri = uri;
    this.#readonly = readonly;
    await this.connection();
  }

  print(text: string): void {
    process.stdout.write(text);
  }

  complain(message: string): void {
    process.stderr.write(`error: ${message}\n`);
    if (this.globals.log !== undefined)
      appendFileSync(this.globals.log, `${new Date().toISOString()} error: ${message}\n`);
  }

  interrupted(): AbortSignal {
    if (this.#interrupt === undefined) {
      this.#interrupt = new AbortController();
      process.on("SIGINT", this.#interrupted);
    }
    return this.#interrupt.signal;
  }

  quit(): void {
    this.#left = true;
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    await connection?.close();
  }

  /**
   * Runs commands one after the other; a failed one does not stop the next.
   * Answers whether the last one succeeded; false, with nothing run, when one cannot be understood.
   */
  async runAll(commands: readonly (readonly string[])[]): Promise<boolean> {
    const prepared: Prepared[] = [];
    try {
      for (const words of commands) prepared.push(await prepare(words));
    } catch (error) {
      this.#report(error);
      return false;
    }
    let succeeded = true;
    for (const command of prepared) {
      succeeded = await this.#run(command);
      if (this.#left) break;
    }
    return succeeded;
  }

  async #run({ parsed, format }: Prepared): Promise<boolean> {
    const begin = performance.now();
    const wanted = format ?? this.globals.output;
    this.#format = wanted;
    let succeeded = true;
    try {
      const answer = await this.#perform(parsed);
      if (answer !== undefined)
        this.print(await formatAnswer(answer, wanted, { quiet: this.globals.quiet }));
    } catch (error) {
      succeeded = false;
      this.#report(error);
    } finally {
      this.#interrupt = undefined;
      process.off("SIGINT", this.#interrupted);
    }
    if (!this.#left) this.#printEnd(performance.now() - begin, wanted);
    return succeeded;
  }

  async #perform(parsed: ParsedCommand): Promise<Answer | undefined> {
    const handler = await findHandler(parsed.name);
    if (handler === undefined)
      throw new CommandError(`command '${parsed.name}' is not implemented in vireo yet`);
    return await handler(readArguments(parsed), this);
  }

  /** The empty line, or the time, after every command. */
  #printEnd(milliseconds: number, format: Format): void {
    if (this.globals.timing) this.print(`\n(Time: ${milliseconds.toFixed(3)} ms)\n\n`);
    else if (!this.globals.quiet && format === "text") this.print("\n");
  }

  #report(error: unknown): void {
    for (const message of messagesOf(error)) this.complain(message);
  }
}

interface Prepared {
  readonly parsed: ParsedCommand;
  readonly format: Format | undefined;
}

/** `net why` is `net-why`, and `device why` is `device-why`. */
const joined = (words: readonly string[]): readonly string[] =>
  (words[0] === "net" || words[0] === "device") && words[1] !== undefined
    ? [`${words[0]}-${words[1]}`, ...words.slice(2)]
    : words;

/** Takes `--output FORMAT` out of a command's own words, unless the command takes any word. */
async function prepare(written: readonly string[]): Promise<Prepared> {
  const words = joined(written);
  const command = await findCommand(words[0] ?? "");
  const takesAnything = Object.values(command?.options ?? {}).some(
    (option) => option.kind === "words" && option.free,
  );
  const found = takesAnything ? undefined : findOutputOption(words);
  const own = found === undefined ? words : words.toSpliced(found.at, found.length);
  return { parsed: await parseCommand(own, findCommand), format: found?.format };
}

function findOutputOption(
  words: readonly string[],
): { at: number; length: number; format: Format } | undefined {
  for (const [at, word] of words.entries()) {
    if (word === "--") return undefined;
    const inline = /^--output=(.*)$/.exec(word)?.[1];
    const named = word === "--output" || word === "-o" ? words[at + 1] : undefined;
    const format = formats.find((known) => known === (inline ?? named));
    if (format !== undefined) return { at, length: inline === undefined ? 2 : 1, format };
    if (word === "--output" || inline !== undefined)
      throw new GrammarError(`option --output requires one of ${formats.join(", ")}`);
  }
  return undefined;
}
