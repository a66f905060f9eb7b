/** RPC procedures that the agent inside the guest answers. */
import { badArgument, virError } from "@vireo/model/error";
import {
  ADDRESS_SOURCES,
  GUEST_INFO_KINDS,
  SLEEP_KINDS,
} from "@vireo/model/operation/domain-agent";
import { param } from "@vireo/rpc/typed-param";

import { ask, driverFunction, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { wireParam } from "./typed-params.ts";
import { domainOf } from "./wire.ts";

/** No flag is known to these calls; libvirt names its driver function in the refusal. */
const noFlags = (word: number, call: DoorCall, name: string): void => {
  readFlags(word, {}, driverFunction(call, name));
};

const HOSTNAME = { lease: 1, agent: 2 } as const;
const FAMILIES = ["ipv4", "ipv6"] as const;

const lookHandlers: DoorHandlers = {
  domainGetHostname: async ({ dom, flags }, call) => {
    const { lease, agent } = readFlags(flags, HOSTNAME, driverFunction(call, "DomainGetHostname"));
    if (lease === true && agent === true)
      throw badArgument(
        "Flags 'VIR_DOMAIN_GET_HOSTNAME_LEASE' and 'VIR_DOMAIN_GET_HOSTNAME_AGENT' are mutually exclusive",
        { function: driverFunction(call, "DomainGetHostname"), argument: "flags" },
      );
    const source = lease === true ? "lease" : "agent";
    return { hostname: await ask(call, ["domain", "hostname"], { domain: domainOf(dom), source }) };
  },
  domainGetGuestInfo: async ({ dom, types, flags }, call) => {
    const name = driverFunction(call, "DomainGetGuestInfo");
    noFlags(flags, call, "DomainGetGuestInfo");
    const bits = Object.fromEntries(GUEST_INFO_KINDS.map((kind, i) => [kind, 2 ** i]));
    const asked = readFlags(types, bits, name);
    const kinds = GUEST_INFO_KINDS.filter((kind) => asked[kind] === true);
    const told = await ask(call, ["domain", "guestInfo"], { domain: domainOf(dom), kinds });
    return { params: Object.entries(told).map(([field, value]) => wireParam(field, value)) };
  },
  domainGetGuestVcpus: async ({ dom, flags }, call) => {
    noFlags(flags, call, "DomainGetGuestVcpus");
    const sets = await ask(call, ["domain", "guestVcpus"], { domain: domainOf(dom) });
    return { params: Object.entries(sets).map(([field, value]) => param.string(field, value)) };
  },
  domainGetTime: async ({ dom, flags }, call) => {
    noFlags(flags, call, "DomainGetTime");
    const time = await ask(call, ["domain", "time"], { domain: domainOf(dom) });
    return { seconds: BigInt(time.seconds), nseconds: time.nanoseconds };
  },
  domainGetFsinfo: async ({ dom, flags }, call) => {
    noFlags(flags, call, "DomainGetFSInfo");
    const found = await ask(call, ["domain", "fsInfo"], { domain: domainOf(dom) });
    const info = found.map(({ mountpoint, name, type, targets }) => ({
      mountpoint,
      name,
      fstype: type,
      dev_aliases: [...targets],
    }));
    return { info, ret: info.length };
  },
  domainInterfaceAddresses: async ({ dom, source, flags }, call) => {
    noFlags(flags, call, "DomainInterfaceAddresses");
    const from = ADDRESS_SOURCES[source];
    if (from === undefined)
      throw virError("argumentUnsupported", `Unknown IP address data source ${source}`);
    const input = { domain: domainOf(dom), source: from };
    const found = await ask(call, ["domain", "interfaceAddresses"], input);
    const ifaces = found.map(({ name, mac, addresses }) => ({
      name,
      hwaddr: mac ?? null,
      addrs: addresses.map(({ family, address, prefix }) => ({
        type: FAMILIES.indexOf(family),
        addr: address,
        prefix,
      })),
    }));
    return { ifaces };
  },
  domainAuthorizedSshKeysGet: async ({ dom, user, flags }, call) => {
    noFlags(flags, call, "DomainAuthorizedSSHKeysGet");
    return {
      keys: [...(await ask(call, ["domain", "userSshKeys"], { domain: domainOf(dom), user }))],
    };
  },
};

const KEYS = { append: 1, remove: 2 } as const;

const changeHandlers: DoorHandlers = {
  domainAgentSetResponseTimeout: async ({ dom, timeout, flags }, call) => {
    noFlags(flags, call, "DomainAgentSetResponseTimeout");
    const input = { domain: domainOf(dom), timeoutS: timeout };
    await ask(call, ["domain", "setAgentTimeout"], input);
    return { result: 0 };
  },
  domainSetGuestVcpus: ({ dom, cpumap, state, flags }, call) => {
    noFlags(flags, call, "DomainSetGuestVcpus");
    if (state !== 0 && state !== 1)
      throw badArgument("unsupported state value", {
        function: driverFunction(call, "DomainSetGuestVcpus"),
        argument: "state",
      });
    const input = { domain: domainOf(dom), vcpus: cpumap, online: state === 1 };
    return ask(call, ["domain", "setGuestVcpus"], input);
  },
  domainSetTime: ({ dom, seconds, nseconds, flags }, call) => {
    const ways = readFlags(flags, { sync: 1 }, driverFunction(call, "DomainSetTime"));
    const time = { seconds: Number(seconds), nanoseconds: nseconds };
    return ask(call, ["domain", "setTime"], { domain: domainOf(dom), ...time, ...ways });
  },
  domainSetUserPassword: ({ dom, user, password, flags }, call) => {
    const ways = readFlags(flags, { encrypted: 1 }, driverFunction(call, "DomainSetUserPassword"));
    const who = { user: user ?? "", password: password ?? "" };
    return ask(call, ["domain", "setUserPassword"], { domain: domainOf(dom), ...who, ...ways });
  },
  domainAuthorizedSshKeysSet: ({ dom, user, keys, flags }, call) => {
    const ways = readFlags(flags, KEYS, driverFunction(call, "DomainAuthorizedSSHKeysSet"));
    return ask(call, ["domain", "setUserSshKeys"], { domain: domainOf(dom), user, keys, ...ways });
  },
};

const sleepHandlers: DoorHandlers = {
  domainFsfreeze: async ({ dom, mountpoints, flags }, call) => {
    noFlags(flags, call, "DomainFSFreeze");
    const input = { domain: domainOf(dom), mountpoints };
    return { filesystems: await ask(call, ["domain", "fsFreeze"], input) };
  },
  domainFsthaw: async ({ dom, mountpoints, flags }, call) => {
    noFlags(flags, call, "DomainFSThaw");
    const input = { domain: domainOf(dom), mountpoints };
    return { filesystems: await ask(call, ["domain", "fsThaw"], input) };
  },
  domainFstrim: ({ dom, mountPoint, minimum, flags }, call) => {
    noFlags(flags, call, "DomainFSTrim");
    const where = mountPoint === null ? {} : { mountpoint: mountPoint };
    const input = { domain: domainOf(dom), minimum: Number(minimum), ...where };
    return ask(call, ["domain", "fsTrim"], input);
  },
  domainPmSuspendForDuration: ({ dom, target, duration, flags }, call) => {
    noFlags(flags, call, "DomainPMSuspendForDuration");
    if (duration !== 0n)
      throw virError("argumentUnsupported", "Duration not supported. Use 0 for now");
    const kind = SLEEP_KINDS[target];
    if (kind === undefined)
      throw virError("argumentUnsupported", `Unknown suspend target: ${target}`);
    return ask(call, ["domain", "sleep"], { domain: domainOf(dom), kind });
  },
  domainPmWakeup: ({ dom, flags }, call) => {
    noFlags(flags, call, "DomainPMWakeup");
    return ask(call, ["domain", "wakeUp"], { domain: domainOf(dom) });
  },
};

export const domainAgentHandlers: DoorHandlers = {
  ...lookHandlers,
  ...changeHandlers,
  ...sleepHandlers,
};
