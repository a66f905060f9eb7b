/** RPC procedures that change a domain. */
import { virError } from "@vireo/model/error";
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { AFFECT, readFlags } from "./flags.ts";
import { domainOf, wireDomain } from "./wire.ts";

const START = { paused: 1, autodestroy: 2, bypassCache: 4, forceBoot: 8, resetNvram: 32 } as const;
const CREATE = { ...START, validate: 16 } as const;
const SHUTDOWN = { acpi: 1, agent: 2, initctl: 4, signal: 8, paravirt: 16 } as const;
const DESTROY = { graceful: 1, removeLogs: 2 } as const;
const UNDEFINE = {
  managedSave: 1,
  snapshotsMetadata: 2,
  nvram: 4,
  keepNvram: 8,
  checkpointsMetadata: 16,
} as const;

/** Ways to ask a guest that only other hypervisors have. */
const onlyQemuWays = <F extends { initctl?: true; signal?: true; paravirt?: true }>({
  initctl,
  signal,
  paravirt,
  ...ways
}: F): Omit<F, "initctl" | "signal" | "paravirt"> => {
  const other = [initctl, signal, paravirt].some((way) => way === true);
  if (other) throw virError("invalidArg", "the QEMU driver asks a guest by ACPI or by agent only");
  return ways;
};

const LIFECYCLES = ["poweroff", "reboot", "crash"] as const;
const ACTIONS = [
  "destroy",
  "restart",
  "rename-restart",
  "preserve",
  "coredump-destroy",
  "coredump-restart",
] as const;

/** @throws VireoError `invalidArg` for numbers that are none of libvirt's */
function lifecycleChange(typeNumber: number, actionNumber: number) {
  const [type, action] = [LIFECYCLES[typeNumber], ACTIONS[actionNumber]];
  if (type === undefined || action === undefined)
    throw virError("invalidArg", `no life cycle action ${typeNumber}, ${actionNumber}`);
  return { type, action };
}

const definitionHandlers: DoorHandlers = {
  domainDefineXml: async ({ xml }, call) => ({
    dom: wireDomain(await ask(call, ["domain", "define"], { xml })),
  }),
  domainDefineXmlFlags: async ({ xml, flags }, call) => {
    const ways = readFlags(flags, { validate: 1 }, driverFunction(call, "DomainDefineXMLFlags"));
    return { dom: wireDomain(await ask(call, ["domain", "define"], { xml, ...ways })) };
  },
  domainUndefine: ({ dom }, call) => ask(call, ["domain", "undefine"], { domain: domainOf(dom) }),
  domainUndefineFlags: ({ dom, flags }, call) => {
    const ways = readFlags(flags, UNDEFINE, driverFunction(call, "DomainUndefineFlags"));
    return ask(call, ["domain", "undefine"], { domain: domainOf(dom), ...ways });
  },
  domainRename: async ({ dom, new_name, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainRename"));
    await ask(call, ["domain", "rename"], { domain: domainOf(dom), name: new_name ?? "" });
    return { retcode: 0 };
  },
  domainSetLifecycleAction: ({ dom, type, action, flags }, call) => {
    const ways = readFlags(flags, AFFECT, driverFunction(call, "DomainSetLifecycleAction"));
    const change = lifecycleChange(type, action);
    return ask(call, ["domain", "setLifecycleAction"], {
      domain: domainOf(dom),
      ...change,
      ...ways,
    });
  },
  domainSetAutostart: ({ dom, autostart }, call) =>
    ask(call, ["domain", "setAutostart"], { domain: domainOf(dom), autostart: autostart !== 0 }),
};

const startHandlers: DoorHandlers = {
  domainCreateXml: async ({ xml_desc, flags }, call) => {
    const ways = readFlags(flags, CREATE, driverFunction(call, "DomainCreateXML"));
    return { dom: wireDomain(await ask(call, ["domain", "create"], { xml: xml_desc, ...ways })) };
  },
  domainCreate: async ({ dom }, call) => {
    await ask(call, ["domain", "start"], { domain: domainOf(dom) });
  },
  domainCreateWithFlags: async ({ dom, flags }, call) => {
    const ways = readFlags(flags, START, driverFunction(call, "DomainCreateWithFlags"));
    return {
      dom: wireDomain(await ask(call, ["domain", "start"], { domain: domainOf(dom), ...ways })),
    };
  },
  domainSuspend: ({ dom }, call) => ask(call, ["domain", "suspend"], { domain: domainOf(dom) }),
  domainResume: ({ dom }, call) => ask(call, ["domain", "resume"], { domain: domainOf(dom) }),
};

const stopHandlers: DoorHandlers = {
  domainShutdown: ({ dom }, call) => ask(call, ["domain", "shutdown"], { domain: domainOf(dom) }),
  domainShutdownFlags: ({ dom, flags }, call) => {
    const ways = readFlags(flags, SHUTDOWN, driverFunction(call, "DomainShutdownFlags"));
    return ask(call, ["domain", "shutdown"], { domain: domainOf(dom), ...onlyQemuWays(ways) });
  },
  domainReboot: ({ dom, flags }, call) => {
    const ways = readFlags(flags, SHUTDOWN, driverFunction(call, "DomainReboot"));
    return ask(call, ["domain", "reboot"], { domain: domainOf(dom), ...onlyQemuWays(ways) });
  },
  domainReset: ({ dom, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainReset"));
    return ask(call, ["domain", "reset"], { domain: domainOf(dom) });
  },
  domainDestroy: ({ dom }, call) => ask(call, ["domain", "destroy"], { domain: domainOf(dom) }),
  domainDestroyFlags: ({ dom, flags }, call) => {
    const ways = readFlags(flags, DESTROY, driverFunction(call, "DomainDestroyFlags"));
    return ask(call, ["domain", "destroy"], { domain: domainOf(dom), ...ways });
  },
};

export const domainLifeHandlers: DoorHandlers = {
  ...definitionHandlers,
  ...startHandlers,
  ...stopHandlers,
};
