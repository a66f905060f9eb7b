/** The arguments of a QEMU, each with its way over the monitor and its place in the definition. */
import type { CommandArg } from "./argument.ts";

export interface ExplainedArg {
  readonly option: string;
  readonly value?: string;
  /** Path in the definition. */
  readonly origin: string;
  /** QEMU's name of what the argument makes. */
  readonly id?: string;
  /** The monitor command that makes the same in a running QEMU. */
  readonly qmp?: string;
}

const MONITOR: Readonly<Record<string, string>> = {
  "-device": "device_add",
  "-object": "object-add",
  "-blockdev": "blockdev-add",
  "-netdev": "netdev_add",
  "-chardev": "chardev-add",
  "-add-fd": "add-fd",
};

/** Keys that hold the name, in JSON and in `key=value` form. */
const JSON_ID = /"(?:id|node-name)":"([^"]*)"/;
const PLAIN_ID = /(?:^|,)id=([^,]*)/;

function idOf(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  return (value.startsWith("{") ? JSON_ID : PLAIN_ID).exec(value)?.[1];
}

/** What is known of one argument. */
export function explainArg({ option, value, origin }: CommandArg): ExplainedArg {
  const id = idOf(value);
  const qmp = MONITOR[option];
  return {
    option,
    origin,
    ...(value === undefined ? {} : { value }),
    ...(id === undefined ? {} : { id }),
    ...(qmp === undefined ? {} : { qmp }),
  };
}
