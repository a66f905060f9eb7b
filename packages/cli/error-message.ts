import { CommandError } from "./answer.ts";
import { GrammarError } from "./grammar/grammar-error.ts";

/** What to print of an error: the command's sentence, then what the daemon or the system said. */
export function messagesOf(error: unknown): string[] {
  if (error instanceof GrammarError) return error.message.split("\n");
  if (!(error instanceof CommandError))
    return [error instanceof Error ? error.message : String(error)];
  return [
    ...(error.message === "" ? [] : [error.message]),
    ...(error.cause === undefined ? [] : messagesOf(error.cause)),
  ];
}
