/** Which file runs which command, so that running one command reads one file. */
import type { Handler } from "../answer.ts";

interface HandlerFile {
  readonly names: readonly string[];
  load(): Promise<{ readonly handlers: { readonly [name: string]: Handler } }>;
}

const file = (names: string, load: HandlerFile["load"]): HandlerFile => ({
  names: names.split(" "),
  load,
});

const files: readonly HandlerFile[] = [
  file("cd pwd echo quit exit", () => import("./itself/terminal.ts")),
  file("help complete completion connect", () => import("./itself/guide.ts")),
];

/** Names of commands that can be run. */
export const handledNames: readonly string[] = files.flatMap(({ names }) => names);

/** What runs a command, or undefined when nothing does yet. */
export async function findHandler(name: string): Promise<Handler | undefined> {
  const found = files.find(({ names }) => names.includes(name));
  return (await found?.load())?.handlers[name];
}
