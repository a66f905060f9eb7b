import { type Answer, done } from "./answer.ts";
import type { Context } from "./context.ts";
import { editText } from "./edit.ts";

/** Lets the user edit XML; answers virsh's "NOUN XML configuration edited." or "not changed.". */
export async function editObject(
  noun: string,
  { xml, save }: { readonly xml: string; readonly save: (text: string) => Promise<unknown> },
  context: Context,
): Promise<Answer> {
  const round = {
    text: xml,
    suffix: ".xml",
    save: async (text: string) => void (await save(text)),
  };
  const changed = await editText(round, context);
  return done(`${noun} XML configuration ${changed ? "edited" : "not changed"}.`, { changed });
}
