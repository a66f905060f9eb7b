import { CommandError } from "./answer.ts";

/** What `--xpath` and `--wrap` leave of a document. */
export function selected(
  xml: string,
  { xpath }: { readonly xpath: string | undefined; readonly wrap: boolean },
): string {
  if (xpath === undefined) return xml;
  throw new CommandError("option --xpath is not implemented in vireo yet");
}
