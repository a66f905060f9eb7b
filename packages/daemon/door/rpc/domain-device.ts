/** RPC procedures that change a domain's devices. */
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { AFFECT, readFlags } from "./flags.ts";
import { domainOf } from "./wire.ts";

const UPDATE = { ...AFFECT, force: 4 } as const;

export const domainDeviceHandlers: DoorHandlers = {
  // the calls without flags are about the running domain (libvirt behaviour)
  domainAttachDevice: ({ dom, xml }, call) =>
    ask(call, ["domain", "attachDevice"], { domain: domainOf(dom), xml, live: true }),
  domainDetachDevice: ({ dom, xml }, call) =>
    ask(call, ["domain", "detachDevice"], { domain: domainOf(dom), xml, live: true }),
  domainAttachDeviceFlags: ({ dom, xml, flags }, call) => {
    const ways = readFlags(flags, AFFECT, driverFunction(call, "DomainAttachDeviceFlags"));
    return ask(call, ["domain", "attachDevice"], { domain: domainOf(dom), xml, ...ways });
  },
  domainDetachDeviceFlags: ({ dom, xml, flags }, call) => {
    const ways = readFlags(flags, AFFECT, driverFunction(call, "DomainDetachDeviceFlags"));
    return ask(call, ["domain", "detachDevice"], { domain: domainOf(dom), xml, ...ways });
  },
  domainDetachDeviceAlias: ({ dom, alias, flags }, call) => {
    const ways = readFlags(flags, AFFECT, driverFunction(call, "DomainDetachDeviceAlias"));
    return ask(call, ["domain", "detachDeviceAlias"], { domain: domainOf(dom), alias, ...ways });
  },
  domainUpdateDeviceFlags: ({ dom, xml, flags }, call) => {
    const ways = readFlags(flags, UPDATE, driverFunction(call, "DomainUpdateDeviceFlags"));
    return ask(call, ["domain", "updateDevice"], { domain: domainOf(dom), xml, ...ways });
  },
};
