import { messagesOf } from "./error-message.ts";
import { type CommandLine, parseCommandLine } from "./globals.ts";
import { tokenise } from "./grammar/tokenise.ts";
import { Session } from "./session.ts";
import { versionText } from "./version.ts";

/** Runs `vireo` with these words; answers its exit status: 0 when the last command succeeded, 1 otherwise. */
export async function runProgram(words: readonly string[]): Promise<number> {
  try {
    const line = parseCommandLine(words);
    for (const warning of line.warnings) process.stderr.write(`error: ${warning}\n`);
    return (await run(line)) ? 0 : 1;
  } catch (error) {
    for (const message of messagesOf(error)) process.stderr.write(`error: ${message}\n`);
    return 1;
  }
}

async function run({ globals, words }: CommandLine): Promise<boolean> {
  if (globals.only === "help") {
    const { formatUsage } = await import("./help.ts");
    process.stdout.write(await formatUsage());
    return true;
  }
  if (globals.only !== undefined) {
    process.stdout.write(versionText(globals.only === "long-version"));
    return true;
  }
  const session = new Session(globals, words.length === 0, open);
  try {
    if (words.length > 0) return await runOnce(words, session);
    const { runShell } = await import("./shell.ts");
    await runShell(session);
    return true;
  } finally {
    await session.close();
  }
}

const open: ConstructorParameters<typeof Session>[2] = async (where) =>
  await (await import("./open-connection.ts")).openConnection(where);

/** A single word is a line of its own: `vireo 'list; hostname'`. An empty one is an error, as in virsh. */
async function runOnce(words: readonly string[], session: Session): Promise<boolean> {
  const [first = ""] = words;
  if (words.length > 1) return await session.runAll([words]);
  return first !== "" && (await session.runAll(tokenise(first)));
}
