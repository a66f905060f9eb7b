/**
 * One line of a scene: a command line of virsh as one would type it, with a few marks before it.
 *
 *     ~ domstats one                    figures of the moment: digits are not compared
 *     until 'shut off' domstate one     again and again until standard output has the words
 *     EDITOR='sed -i s/a/b/' edit one   environment for virsh
 *     event one --all --loop << suspend one ; resume one     what happens meanwhile; without
 *                                       --timeout virsh is interrupted when all of it has
 *     @file                             a file of the scene, by its name
 */
export interface Invocation {
  readonly line: string;
  /** Words for virsh; the first is the command. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly figures: boolean;
  readonly until?: string;
  readonly meanwhile: readonly string[];
}

const WORD = /'((?:[^']*))'|[^\s']+(?:'[^']*')?/g;

const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(WORD)].map(([word, quoted]) => quoted ?? word.replaceAll("'", ""));

export function readInvocation(line: string): Invocation {
  const figures = line.startsWith("~ ");
  const [main = "", during = ""] = line.replace(/^~ /, "").split(" << ");
  let words = wordsOf(main);
  const until = words[0] === "until" ? words[1] : undefined;
  if (until !== undefined) words = words.slice(2);
  const assigned = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const env = Object.fromEntries(
    words.slice(0, assigned).map((word) => {
      const [name = "", ...value] = word.split("=");
      return [name, value.join("=")];
    }),
  );
  const meanwhile = during.split(" ; ").filter((one) => one !== "");
  words = words.slice(assigned);
  return { line, words, env, figures, meanwhile, ...(until === undefined ? {} : { until }) };
}

/** The lines of a block that are no comments. */
export const linesOf = (block: string): readonly string[] =>
  block
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
