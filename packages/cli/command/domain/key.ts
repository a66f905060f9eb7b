import { CommandError, type HandlersOf } from "../../answer.ts";
import type { domainLifecycleCommands } from "../../catalog/domain-lifecycle.ts";
import { linuxKeys } from "../../linux-key.ts";
import { findDomain } from "../../lookup.ts";

/** virKeycodeSet, by number. */
const codesets = [
  "linux",
  "xt",
  "atset1",
  "atset2",
  "atset3",
  "os_x",
  "xt_kbd",
  "usb",
  "win32",
  "qnum",
];

/** Keys that can be pressed at once. */
const maxKeys = 16;

function keyCode(word: string, codeset: number): number {
  const code = /^(0x[\da-f]+|\d+)$/i.test(word)
    ? Number(word)
    : codeset === 0
      ? linuxKeys.get(word)
      : undefined;
  if (code === undefined || code > 0xffff) throw new CommandError(`invalid keycode: '${word}'`);
  return code;
}

/** A signal by number or name, with or without its prefix. */
const signals: ReadonlyMap<string, number> = new Map([
  ["hup", 1],
  ["int", 2],
  ["quit", 3],
  ["ill", 4],
  ["trap", 5],
  ["abrt", 6],
  ["bus", 7],
  ["fpe", 8],
  ["kill", 9],
  ["usr1", 10],
  ["segv", 11],
  ["usr2", 12],
  ["pipe", 13],
  ["alrm", 14],
  ["term", 15],
  ["stkflt", 16],
  ["chld", 17],
  ["cont", 18],
  ["stop", 19],
  ["tstp", 20],
]);

function signalNumber(word: string): number {
  const bare = word.toLowerCase().replace(/^vir_domain_process_signal_|^sig_?/, "");
  const number = /^\d+$/.test(bare) ? Number(bare) : signals.get(bare);
  if (number === undefined) throw new CommandError(`malformed signal name: ${word}`);
  return number;
}

export const handlers: HandlersOf<typeof domainLifecycleCommands> = {
  async "send-key"({ domain, codeset: word = "linux", holdtime = 0, keycode }, context) {
    const codeset = codesets.indexOf(word);
    if (codeset === -1) throw new CommandError(`unknown codeset: '${word}'`);
    if (keycode.length > maxKeys) throw new CommandError("too many keycodes");
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const keycodes = keycode.map((key) => keyCode(key, codeset));
    await connection.call("domainSendKey", { dom, codeset, holdtime, keycodes, flags: 0 });
    return { data: { keycodes }, text: "" };
  },

  async "send-process-signal"({ domain, pid, signame }, context) {
    const signum = signalNumber(signame);
    if (!/^-?\d+$/.test(pid)) throw new CommandError(`malformed PID value: ${pid}`);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await connection.call("domainSendProcessSignal", {
      dom,
      pid_value: BigInt(pid),
      signum,
      flags: 0,
    });
    return { data: {}, text: "" };
  },
};
