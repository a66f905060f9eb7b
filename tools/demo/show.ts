/** How the demo speaks: numbered steps, the commands it runs and what they answer. */

const isTerminal = process.stdout.isTTY;
const styled = (code: number, text: string): string =>
  isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text;
const bold = (text: string): string => styled(1, text);
const dim = (text: string): string => styled(2, text);

let steps = 0;

/** A heading with its number. */
export function step(title: string): void {
  steps += 1;
  console.log(`\n${bold(`${steps}. ${title}`)}`);
}

export const note = (text: string): void => console.log(indented(text));
export const command = (line: string): void => console.log(dim(`   $ ${line}`));

/** Shows text as it arrives, each line set off from our own. */
export function guestPrinter(): (text: string) => void {
  let atLineStart = true;
  return (text) => {
    for (const character of text.replaceAll("\r", "")) {
      if (atLineStart) process.stdout.write(dim("   | "));
      process.stdout.write(character);
      atLineStart = character === "\n";
    }
  };
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? line : `   ${line}`))
    .join("\n");
}
