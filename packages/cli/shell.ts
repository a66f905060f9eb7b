import { appendFile, mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface, type Interface } from "node:readline";
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
  const terminal = await openTerminal(session);
  try {
    for await (const line of linesOf(terminal, session)) {
      await runLine(line, session);
      if (session.left) return;
    }
    session.print("\n");
  } finally {
    terminal.close();
  }
}

async function runLine(line: string, session: Session): Promise<void> {
  try {
    const commands = tokenise(line);
    if (commands.length === 0) return;
    await remember(line);
    await session.runAll(commands);
  } catch (error) {
    for (const message of messagesOf(error)) session.complain(message);
  }
}

/** Lines as they are wanted: the prompt comes back when the line before has been dealt with. */
async function* linesOf(terminal: Interface, session: Session): AsyncGenerator<string> {
  const waiting: string[] = [];
  let wake: () => void = () => undefined;
  let ended = false;
  terminal.on("line", (line) => {
    terminal.pause();
    waiting.push(line);
    wake();
  });
  terminal.on("close", () => {
    ended = true;
    wake();
  });
  for (;;) {
    const line = waiting.shift();
    if (line !== undefined) yield line;
    else if (ended) return;
    else {
      terminal.setPrompt(session.readonly ? "vireo > " : "vireo # ");
      await new Promise<void>((resolve) => {
        wake = resolve;
        terminal.prompt();
      });
    }
  }
}

async function openTerminal(session: Session): Promise<Interface> {
  const history = await readHistory();
  return createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY && process.stdout.isTTY,
    history: history.toReversed(),
    historySize,
    removeHistoryDuplicates: true,
    completer: (line: string, answer: (error: null, found: [string[], string]) => void) => {
      void complete(line, session).then((found) => answer(null, found));
    },
  });
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
  if (!process.stdin.isTTY) return;
  try {
    await mkdir(dirname(historyPath()), { recursive: true, mode: 0o700 });
    await appendFile(historyPath(), `${line}\n`, { mode: 0o600 });
  } catch {
    return;
  }
}
