/** One option of QEMU's command line, and where in the domain's definition it comes from. */
import { type JsonObject, jsonText } from "../json.ts";

export interface CommandArg {
  /** With its dash: `-machine`. */
  readonly option: string;
  /** Absent for options that take none. */
  readonly value?: string;
  /** Path in the model, `/domain/devices/disk[2]`; `/domain` when no element asks for it. */
  readonly origin: string;
}

/** An option that takes no value. */
export const flagArg = (option: string, origin: string): CommandArg => ({ option, origin });

/** An option with a value QEMU takes as it stands. */
export const rawArg = (option: string, value: string, origin: string): CommandArg => ({
  option,
  value,
  origin,
});

/** An option whose value is JSON. */
export const jsonArg = (option: string, value: JsonObject, origin: string): CommandArg => ({
  option,
  value: jsonText(value),
  origin,
});

/** A comma separates the members of an option string, so one inside a value is doubled. */
export const escapeComma = (text: string): string => text.replaceAll(",", ",,");

export type OptionValue = string | number | bigint | boolean | undefined;
/** `[key, value]`; an undefined value drops the pair, `true` and `false` are written on and off. */
export type OptionPair = readonly [key: string, value: OptionValue];

const optionText = (value: string | number | bigint | boolean): string => {
  if (typeof value === "boolean") return value ? "on" : "off";
  return escapeComma(String(value));
};

/** `head,key=value,...`; `head` may be undefined when the first member has a key of its own. */
export function optionString(head: string | undefined, pairs: readonly OptionPair[]): string {
  const members = head === undefined ? [] : [escapeComma(head)];
  for (const [key, value] of pairs) {
    if (value !== undefined) members.push(`${key}=${optionText(value)}`);
  }
  return members.join(",");
}

/** The words a process is started with. */
export const argvOf = (args: readonly CommandArg[]): string[] =>
  args.flatMap((arg) => (arg.value === undefined ? [arg.option] : [arg.option, arg.value]));
