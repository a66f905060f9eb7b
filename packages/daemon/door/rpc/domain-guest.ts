/** RPC procedures that act on a running guest past its definition, and QEMU's own program. */
import { badArgument } from "@vireo/model/error";
import { KEY_CODE_SETS } from "@vireo/model/operation/domain-guest";
import type { qemu } from "@vireo/rpc/program/qemu";
import type { HandlersOf } from "@vireo/rpc/server-contract";
import { ask, driverFunction, type DoorHandlers, type DoorState } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { qemuEventHandlers } from "./qemu-event.ts";
import { domainOf } from "./wire.ts";

const MEMORY = { live: 1, config: 2, maximum: 4 } as const;

export const domainGuestHandlers: DoorHandlers = {
  domainSendKey: ({ dom, codeset, holdtime, keycodes, flags }, call) => {
    const name = driverFunction(call, "DomainSendKey");
    readFlags(flags, {}, name);
    const codeSet = KEY_CODE_SETS[codeset];
    if (codeSet === undefined)
      throw badArgument(`Unsupported codeset ${codeset}`, { function: name, argument: "codeset" });
    return ask(call, ["domain", "sendKey"], {
      domain: domainOf(dom),
      codeSet,
      holdMs: holdtime,
      keys: keycodes,
    });
  },
  domainInjectNmi: ({ dom, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainInjectNMI"));
    return ask(call, ["domain", "injectNmi"], { domain: domainOf(dom) });
  },
  // the calls without flags: the running domain's memory, the definition's maximum (libvirt behaviour)
  domainSetMemory: ({ dom, memory }, call) =>
    ask(call, ["domain", "setMemory"], { domain: domainOf(dom), kib: Number(memory), live: true }),
  domainSetMaxMemory: ({ dom, memory }, call) =>
    ask(call, ["domain", "setMemory"], {
      domain: domainOf(dom),
      kib: Number(memory),
      maximum: true,
    }),
  domainSetMemoryFlags: ({ dom, memory, flags }, call) => {
    const ways = readFlags(flags, MEMORY, driverFunction(call, "DomainSetMemoryFlags"));
    return ask(call, ["domain", "setMemory"], {
      domain: domainOf(dom),
      kib: Number(memory),
      ...ways,
    });
  },
};

export const qemuHandlers: HandlersOf<typeof qemu, DoorState> = {
  ...qemuEventHandlers,
  domainMonitorCommand: async ({ dom, cmd, flags }, call) => {
    const { human } = readFlags(
      flags,
      { human: 1 },
      driverFunction(call, "DomainQemuMonitorCommand"),
    );
    const input = { domain: domainOf(dom), command: cmd, ...(human === true ? { human } : {}) };
    return { result: await ask(call, ["domain", "monitorCommand"], input) };
  },
  domainAgentCommand: async ({ dom, cmd, timeout, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainQemuAgentCommand"));
    const input = { domain: domainOf(dom), command: cmd, timeoutS: timeout };
    return { result: await ask(call, ["domain", "agentCommand"], input) };
  },
};
