import { GrammarError } from "./grammar-error.ts";

const blank = /[ \t]/;
const endOfCommand = /[;\n]/;
const endOfWord = /[ \t;\n]/;

/**
 * Splits one line into commands and these into words, as virsh does: `;` or a new line ends a command,
 * `'` quotes everything, `"` quotes all but `\`, `\` takes the next character as it is and joins lines,
 * `#` at the start of a word begins a comment.
 * @throws GrammarError when a `"` is not closed or a `\` ends the line
 */
export function tokenise(line: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const character = line.charAt(at);
    if (endOfCommand.test(character)) {
      commands.push(words);
      words = [];
      at += 1;
    } else if (blank.test(character)) at += 1;
    else if (line.startsWith("\\\n", at)) at += 2;
    else if (character === "#") at = endOfLine(line, at);
    else at = takeWord(line, at, words);
  }
  commands.push(words);
  return commands.filter((command) => command.length > 0);
}

function endOfLine(line: string, from: number): number {
  const end = line.indexOf("\n", from);
  return end === -1 ? line.length : end;
}

/** Appends the word that begins at `from` to `words`; answers where it ends. */
function takeWord(line: string, from: number, words: string[]): number {
  let word = "";
  let quote = "";
  let at = from;
  for (; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote === "" && endOfWord.test(character)) break;
    if (character === "\\" && quote !== "'") {
      at += 1;
      if (at >= line.length) throw new GrammarError("dangling \\");
      word += line.charAt(at);
    } else if (quote === "" && (character === "'" || character === '"')) quote = character;
    else if (character === quote) quote = "";
    else word += character;
  }
  if (quote === '"') throw new GrammarError('missing "');
  words.push(word);
  return at;
}
