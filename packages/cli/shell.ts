import { appendFile, mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { completeLine } from "./complete.ts";
import { messagesOf } from "./error-message.ts";
import { tokenise } from "./grammar/tokenise.ts";
import type { Session } from "./session.ts";

const historySize = 500;

const welcome = `Welcome to vireo, the virtualization interactive terminal.

Type:  'help' for help with commands
       'quit' to quit

`;

/** Reads commands from the terminal, or from a pipe, until `quit` or the end of the input. */
export async function runShell(session: Session): Promise<void> {
  if (!session.globals.quiet) session.print(welcome);
  const typed = process.stdin.isTTY && process.stdout.isTTY;
  for await (const line of typed ? typedLines(session) : pipedLines(session)) {
    await runLine(line, session);
    if (session.left) return;
  }
  session.print("\n");
}

async function runLine(line: string, session: Session): Promise<void> {
  try {
    await session.runAll(tokenise(line));
  } catch (error) {
    for (const message of messagesOf(error)) session.complain(message);
  }
}

const promptOf = ({ readonly }: Session): string => (readonly ? "vireo > " : "vireo # ");

async function* pipedLines(session: Session): AsyncGenerator<string> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  for (;;) {
    session.print(promptOf(session));
    const next = await lines.next();
    if (next.done === true) return;
    yield next.value;
  }
}

/** The terminal belongs to the line editor only while it asks: commands get it in its own mode. */
async function* typedLines(session: Session): AsyncGenerator<string> {
  let history = (await readHistory()).toReversed();
  for (;;) {
    const { line, history: grown } = await askLine(session, history);
    history = grown;
    if (line === undefined) return;
    if (line.trim() !== "") await remember(line);
    yield line;
  }
}

interface Asked {
  /** Undefined at the end of the input. */
  readonly line: string | undefined;
  /** Newest first. */
  readonly history: string[];
}

async function askLine(session: Session, history: readonly string[]): Promise<Asked> {
  const { promise, resolve } = Promise.withResolvers<Asked>();
  let grown = [...history];
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    history: grown,
    historySize,
    removeHistoryDuplicates: true,
    completer: (line: string, answer: (error: null, found: [string[], string]) => void) => {
      void complete(line, session).then((found) => answer(null, found));
    },
  });
  terminal.on("history", (lines) => (grown = lines));
  terminal.on("close", () => resolve({ line: undefined, history: grown }));
  terminal.on("SIGINT", () => {
    session.print("^C\n");
    resolve({ line: "", history: grown });
  });
  terminal.question(promptOf(session), (line) => resolve({ line, history: grown }));
  const asked = await promise;
  terminal.close();
  return asked;
}

/** The words that could come, and the part of the line they would replace. */
async function complete(line: string, session: Session): Promise<[string[], string]> {
  const current = /[^;]*$/.exec(line)?.[0] ?? "";
  const last = /\S*$/.exec(current)?.[0] ?? "";
  try {
    const [words = []] = tokenise(current.slice(0, current.length - last.length));
    const found = await completeLine([...words, last], session);
    return [found.map((word) => (found.length === 1 ? `${word} ` : word)), last];
  } catch {
    return [[], last];
  }
}

const historyPath = (): string =>
  process.env["VIREO_HISTORY"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "vireo", "history");

async function readHistory(): Promise<string[]> {
  const text = await readFile(historyPath(), "utf8").catch(() => "");
  return text.split("\n").filter(Boolean).slice(-historySize);
}

/** Keeps a line for next time; a history that cannot be written is no reason to fail. */
async function remember(line: string): Promise<void> {
  try {
    await mkdir(dirname(historyPath()), { recursive: true, mode: 0o700 });
    await appendFile(historyPath(), `${line}\n`, { mode: 0o600 });
  } catch {
    return;
  }
}
