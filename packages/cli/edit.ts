import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { CommandError } from "./answer.ts";
import type { Context } from "./context.ts";
import { messagesOf } from "./error-message.ts";

/** What an edited text goes through. */
export interface EditRound {
  /** The text to begin with. */
  readonly text: string;
  /** Ending of the temporary file's name; editors choose colours by it. */
  readonly suffix: string;
  /** Gives the text to the daemon. `relaxed` after the user chose to go on without the schema. */
  save(text: string, relaxed: boolean): Promise<void>;
}

const choices = [
  "y - yes, start editor again",
  "n - no, throw away my changes",
  "f - force, try to redefine again",
  "i - turn off validation and try to redefine again",
  "? - print this help",
];

/**
 * Lets the user change a text until the daemon takes it or the user gives up.
 * Answers whether anything was changed. The temporary file is readable by the user alone.
 */
export async function editText(round: EditRound, context: Context): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), "vireo-edit-"));
  const path = join(directory, `text${round.suffix}`);
  try {
    await writeFile(path, round.text, { mode: 0o600 });
    return await editUntilSaved(round, path, context);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function editUntilSaved(round: EditRound, path: string, context: Context): Promise<boolean> {
  let relaxed = false;
  let again = true;
  for (;;) {
    if (again) await runEditor(path);
    const edited = await readFile(path, "utf8");
    if (edited === round.text) return false;
    try {
      await round.save(edited, relaxed);
      return true;
    } catch (error) {
      for (const message of messagesOf(error)) context.complain(message);
    }
    const choice = await askWhatNow();
    if (choice === "n") throw new CommandError("Your changes were thrown away");
    if (choice === "i") relaxed = true;
    again = choice === "y";
  }
}

/** Runs $VISUAL, $EDITOR or vi on a file and waits for its end. */
async function runEditor(path: string): Promise<void> {
  const editor = process.env["VISUAL"] || process.env["EDITOR"] || "vi";
  const child = spawn("sh", ["-c", `${editor} "$1"`, "sh", path], { stdio: "inherit" });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", reject);
  child.once("exit", resolve);
  const code = await promise;
  if (code !== 0) throw new CommandError(`${editor}: command exited with non-zero status: ${code}`);
}

/** Without a terminal there is nobody to ask: the changes are dropped. */
async function askWhatNow(): Promise<"y" | "n" | "f" | "i"> {
  if (!process.stdin.isTTY) return "n";
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    for (;;) {
      const answer = await terminal.question("Failed. Try again? [y,n,i,f,?]: ");
      const choice = answer.trim().toLowerCase().charAt(0);
      if (choice === "y" || choice === "n" || choice === "f" || choice === "i") return choice;
      process.stdout.write(choices.map((text) => `${text}\n`).join(""));
    }
  } finally {
    terminal.close();
  }
}
