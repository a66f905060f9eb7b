/** What virsh prints for a series of commands, with what differs between any two runs taken out. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { virsh } from "../harness/virsh.ts";

export interface Exchange {
  readonly command: string;
  /** Exit code, standard output and standard error, one below the other. */
  readonly answer: string;
}

/** Files that commands name as `@NAME`. */
export type Files = Readonly<Record<string, string>>;

/** Figures and places that are a run's own. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\/dev\/pts\/\d+/g, "/dev/pts/N"],
  [/^(CPU time: +)[\d.]+s$/gm, "$1T"],
  [/[\w./-]*\/(\w+\.xml)/g, "DIR/$1"],
  // ours goes on with who has the image open
  [/\nimage '[^']*' is open in domain '[^']*' \(process \d+\)/g, ""],
  // ours goes on with what to do
  [
    /(host doesn't support passthrough of host PCI devices|assignment requires VFIO support): .*/g,
    "$1",
  ],
  // After place and line come the words of an XML parser, and what it points at; ours are our own.
  [/(\(domain_definition\):\d+): [^\n]*(?:\n[\s\S]*)?$/, "$1: WORDS"],
];

const normal = (text: string): string =>
  VARYING.reduce((words, [pattern, put]) => words.replace(pattern, put), text);

/** Runs the commands one after the other; a command's words are separated by single blanks. */
export async function transcript(
  uri: string,
  commands: readonly string[],
  { files, directory }: { readonly files: Files; readonly directory: string },
): Promise<readonly Exchange[]> {
  for (const [name, xml] of Object.entries(files))
    writeFileSync(join(directory, `${name}.xml`), xml);
  const exchanges: Exchange[] = [];
  for (const command of commands) {
    const words = command
      .split(" ")
      .map((word) => word.replace(/^@(\w+)$/, (_, name: string) => join(directory, `${name}.xml`)));
    const { status, stdout, stderr } = await virsh(uri, words);
    exchanges.push({ command, answer: normal(`${status}\n${stdout}${stderr}`).trim() });
  }
  return exchanges;
}
