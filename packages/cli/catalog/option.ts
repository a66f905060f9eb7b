/**
 * The words a command is declared with.
 * The order of the keys of `options` is the order in which positional words are handed out, as in virsh.
 */

/** How a number is read: 32 bit signed, 32 bit unsigned, 64 bit unsigned, or a size with a unit suffix. */
export type NumberKind = "int" | "uint" | "long" | "size";

interface OptionBase {
  readonly required: boolean;
  /** Must be given as `--name`: never filled from a bare word. */
  readonly named: boolean;
  readonly doc: string;
}

export interface FlagOption extends OptionBase {
  readonly kind: "flag";
  readonly required: false;
}

export interface TextOption<R extends boolean = boolean> extends OptionBase {
  readonly kind: "text";
  readonly required: R;
  readonly emptyOk: boolean;
}

export interface NumberOption<K extends NumberKind = NumberKind, R extends boolean = boolean>
  extends OptionBase {
  readonly kind: "number";
  readonly number: K;
  readonly required: R;
  /** What a bare number of a `size` counts, in bytes. */
  readonly scale: number;
}

/** Takes every word that is left. */
export interface WordsOption extends OptionBase {
  readonly kind: "words";
  readonly emptyOk: boolean;
  /** Any word may come, even one that looks like `--output`. */
  readonly free: boolean;
}

/** A hidden second spelling; with `value` it is a flag that stands for `--target value`. */
export interface AliasOption extends OptionBase {
  readonly kind: "alias";
  readonly target: string;
  readonly value?: string;
}

export type Option = FlagOption | TextOption | NumberOption | WordsOption | AliasOption;
export type Options = { readonly [name: string]: Option };

export interface Command<O extends Options = Options> {
  /** One line of `help`. */
  readonly summary: string;
  /** The DESCRIPTION of `help COMMAND`; the summary when absent. */
  readonly detail?: string;
  readonly options: O;
  /** Left out of `help`. */
  readonly hidden?: true;
  /** This name is an old spelling of that command. */
  readonly aliasOf?: string;
}

export type Commands = { readonly [name: string]: Command };

export type ArgumentValue = boolean | string | number | bigint | readonly string[];
/** What a handler of any command may be given. */
export type Arguments = { readonly [name: string]: ArgumentValue | undefined };

type NumberOf<K extends NumberKind> = K extends "int" | "uint" ? number : bigint;
type Given<R extends boolean, T> = R extends true ? T : T | undefined;
type ValueOf<O extends Option> = O extends FlagOption
  ? boolean
  : O extends TextOption<infer R>
    ? Given<R, string>
    : O extends NumberOption<infer K, infer R>
      ? Given<R, NumberOf<K>>
      : O extends WordsOption
        ? readonly string[]
        : undefined;

/** What a handler of this command is given: every option by its name. */
export type ArgumentsOf<C extends Command> = {
  readonly [N in keyof C["options"]]: ValueOf<C["options"][N]>;
};

const optional = { required: false, named: false } as const;
const needed = { required: true, named: false } as const;

export const flag = (doc: string): FlagOption => ({ kind: "flag", ...optional, doc });

/** A required string, usually given without its name. */
export const data = (doc: string, more: { emptyOk?: boolean } = {}): TextOption<true> => ({
  kind: "text",
  ...needed,
  emptyOk: false,
  ...more,
  doc,
});

/** An optional string. */
export const text = (
  doc: string,
  more: { named?: boolean; emptyOk?: boolean } = {},
): TextOption<false> => ({ kind: "text", ...optional, emptyOk: false, ...more, doc });

/** An optional number. `scale` is what a bare number of kind `size` counts, in bytes. */
export const number = <K extends NumberKind>(
  kind: K,
  doc: string,
  more: { named?: boolean; scale?: number } = {},
): NumberOption<K, false> => ({
  kind: "number",
  number: kind,
  ...optional,
  scale: 1,
  ...more,
  doc,
});

/** A required number. */
export const count = <K extends NumberKind>(
  kind: K,
  doc: string,
  more: { scale?: number } = {},
): NumberOption<K, true> => ({
  kind: "number",
  number: kind,
  ...needed,
  scale: 1,
  ...more,
  doc,
});

export const words = (
  doc: string,
  more: { required?: boolean; named?: boolean; emptyOk?: boolean; free?: boolean } = {},
): WordsOption => ({ kind: "words", ...optional, emptyOk: false, free: false, ...more, doc });

export const alias = (target: string, value?: string): AliasOption => ({
  kind: "alias",
  ...optional,
  doc: "",
  target,
  ...(value === undefined ? {} : { value }),
});
