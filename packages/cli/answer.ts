import type { ArgumentsOf, Command } from "./catalog/option.ts";
import type { Context } from "./context.ts";

/** How text is wanted. */
export interface View {
  /** `-q`: without headers and messages that only comfort. */
  readonly quiet: boolean;
}

export type Text = string | ((view: View) => string);

/** What a command answers: `data` for `--output json|yaml`, `text` in virsh's layout. */
export interface Answer {
  readonly data: unknown;
  readonly text: Text;
}

/** Text that `-q` leaves out. */
export const comfort =
  (text: string): Text =>
  (view) =>
    view.quiet ? "" : text;

/** The answer of a command that did something: a message, and whatever data tells what was done. */
export const done = (message: string, data: unknown = {}): Answer => ({
  data,
  text: comfort(`${message}\n`),
});

/** One value on one line. */
export const line = (value: string | number | bigint, data: unknown = value): Answer => ({
  data,
  text: `${value}\n`,
});

/** XML as the daemon sent it. */
export const document = (xml: string): Answer => ({
  data: { xml },
  text: xml === "" || xml.endsWith("\n") ? xml : `${xml}\n`,
});

type Run<A> = { run(args: A, context: Context): Promise<Answer | undefined> }["run"];

/** Does what a command says. Undefined when it has printed everything itself. */
export type Handler<C extends Command = Command> = Run<ArgumentsOf<C>>;

/** Handlers of some commands of a topic. */
export type HandlersOf<T extends { readonly [name: string]: Command }> = {
  readonly [N in keyof T]?: Handler<T[N]>;
};

/** A command that failed; prints its own message first, then that of its cause. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
  }
}

/** Puts virsh's sentence in front of what went wrong. */
export async function attempt<T>(sentence: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new CommandError(sentence, error);
  }
}
