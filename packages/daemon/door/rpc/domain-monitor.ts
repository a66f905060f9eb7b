/** RPC procedures that look at a domain. */
import { virError } from "@vireo/model/error";
import { ask, driverFunction, type DoorCall, type DoorHandlers } from "./door-session.ts";
import { AFFECT, readFlags, STRINGS } from "./flags.ts";
import { join } from "./stream.ts";
import { wireParam } from "./typed-params.ts";
import { cpuMap, domainOf, stateNumber, wireDomain, wireTruth } from "./wire.ts";

const XML = { secure: 1, inactive: 2, updateCpu: 4, migratable: 8 } as const;
const VCPU = { live: 1, config: 2, maximum: 4, guest: 8, hotpluggable: 16 } as const;
const METADATA = ["description", "title", "element"] as const;
const CONTROL = ["ok", "job", "occupied", "error"] as const;
const VCPU_STATES = ["offline", "running", "blocked"] as const;
const MESSAGES = { deprecation: 1, tainting: 2 } as const;

/** No flag is known to these calls; libvirt names its driver function in the refusal. */
const noFlags = (word: number, call: DoorCall, name: string): void => {
  readFlags(word, {}, driverFunction(call, name));
};

const metadataKind = (type: number): (typeof METADATA)[number] => {
  const kind = METADATA[type];
  if (kind === undefined)
    throw virError("invalidArg", `unknown metadata type ${type}`, { from: 20 });
  return kind;
};

const lookupHandlers: DoorHandlers = {
  domainLookupByName: async ({ name }, call) => ({
    dom: wireDomain(await ask(call, ["domain", "lookup"], { domain: { name } })),
  }),
  domainLookupByUuid: async ({ uuid }, call) => ({
    dom: wireDomain(await ask(call, ["domain", "lookup"], { domain: { uuid } })),
  }),
  domainLookupById: async ({ id }, call) => ({
    dom: wireDomain(await ask(call, ["domain", "lookup"], { domain: { id } })),
  }),
};

const stateHandlers: DoorHandlers = {
  domainGetState: async ({ dom, flags }, call) => {
    noFlags(flags, call, "DomainGetState");
    const { state, reason } = await ask(call, ["domain", "state"], { domain: domainOf(dom) });
    return { state: stateNumber(state), reason };
  },
  domainGetInfo: async ({ dom }, call) => {
    const info = await ask(call, ["domain", "info"], { domain: domainOf(dom) });
    return {
      state: stateNumber(info.state),
      maxMem: BigInt(info.maxMemoryKiB),
      memory: BigInt(info.memoryKiB),
      nrVirtCpu: info.vcpus,
      cpuTime: BigInt(info.cpuTimeNs),
    };
  },
  domainGetControlInfo: async ({ dom, flags }, call) => {
    noFlags(flags, call, "DomainGetControlInfo");
    const info = await ask(call, ["domain", "controlInfo"], { domain: domainOf(dom) });
    const { details, sinceMs } = info;
    return { state: CONTROL.indexOf(info.state), details, stateTime: BigInt(sinceMs) };
  },
  domainIsActive: async ({ dom }, call) => ({
    active: wireTruth(await ask(call, ["domain", "isActive"], { domain: domainOf(dom) })),
  }),
  domainIsPersistent: async ({ dom }, call) => ({
    persistent: wireTruth(await ask(call, ["domain", "isPersistent"], { domain: domainOf(dom) })),
  }),
  domainIsUpdated: async ({ dom }, call) => ({
    updated: wireTruth(await ask(call, ["domain", "isUpdated"], { domain: domainOf(dom) })),
  }),
  domainGetAutostart: async ({ dom }, call) => ({
    autostart: wireTruth(await ask(call, ["domain", "autostart"], { domain: domainOf(dom) })),
  }),
  domainHasManagedSaveImage: async ({ dom, flags }, call) => {
    noFlags(flags, call, "DomainHasManagedSaveImage");
    const result = await ask(call, ["domain", "hasManagedSave"], { domain: domainOf(dom) });
    return { result: wireTruth(result) };
  },
  domainGetMessages: async ({ dom, flags }, call) => {
    const kinds = readFlags(flags, MESSAGES, driverFunction(call, "DomainGetMessages"));
    const msgs = await ask(call, ["domain", "messages"], { domain: domainOf(dom), ...kinds });
    return { msgs: [...msgs] };
  },
};

const definitionHandlers: DoorHandlers = {
  domainGetXmlDesc: async ({ dom, flags }, call) => {
    const ways = readFlags(flags, XML, driverFunction(call, "DomainGetXMLDesc"));
    return { xml: await ask(call, ["domain", "xml"], { domain: domainOf(dom), ...ways }) };
  },
  domainGetOsType: async ({ dom }, call) => ({
    type: await ask(call, ["domain", "osType"], { domain: domainOf(dom) }),
  }),
  domainGetMaxMemory: async ({ dom }, call) => ({
    memory: BigInt(await ask(call, ["domain", "maxMemory"], { domain: domainOf(dom) })),
  }),
  domainGetMetadata: async ({ dom, type, uri, flags }, call) => {
    const ways = readFlags(flags, AFFECT, driverFunction(call, "DomainGetMetadata"));
    const metadata = await ask(call, ["domain", "metadata"], {
      domain: domainOf(dom),
      kind: metadataKind(type),
      ...(uri === null ? {} : { uri }),
      ...ways,
    });
    return { metadata };
  },
  domainSetMetadata: ({ dom, type, metadata, key, uri, flags }, call) => {
    const ways = readFlags(flags, AFFECT, driverFunction(call, "DomainSetMetadata"));
    return ask(call, ["domain", "setMetadata"], {
      domain: domainOf(dom),
      kind: metadataKind(type),
      ...(metadata === null ? {} : { value: metadata }),
      ...(key === null ? {} : { prefix: key }),
      ...(uri === null ? {} : { uri }),
      ...ways,
    });
  },
  domainGetLaunchSecurityInfo: async ({ dom, flags }, call) => {
    readFlags(flags, STRINGS, driverFunction(call, "DomainGetLaunchSecurityInfo"));
    const facts = await ask(call, ["domain", "launchSecurity"], { domain: domainOf(dom) });
    return {
      params: Object.entries(facts).map(([field, value]) =>
        wireParam(field, { type: "string", value }),
      ),
    };
  },
  domainGetSecurityLabel: async ({ dom }, call) => {
    const { label, enforcing } = await ask(call, ["domain", "securityLabel"], {
      domain: domainOf(dom),
    });
    return { label: Buffer.from(`${label}\0`), enforcing: wireTruth(enforcing) };
  },
};

const vcpuHandlers: DoorHandlers = {
  domainGetMaxVcpus: async ({ dom }, call) => ({
    num: await ask(call, ["domain", "vcpuCount"], {
      domain: domainOf(dom),
      live: true,
      maximum: true,
    }),
  }),
  domainGetVcpusFlags: async ({ dom, flags }, call) => {
    const { guest, ...ways } = readFlags(flags, VCPU, driverFunction(call, "DomainGetVcpusFlags"));
    const domain = domainOf(dom);
    if (guest === true) return { num: await ask(call, ["domain", "guestVcpuCount"], { domain }) };
    const { hotpluggable: _, ...which } = ways;
    return { num: await ask(call, ["domain", "vcpuCount"], { domain, ...which }) };
  },
  domainGetVcpus: async ({ dom, maxinfo, maplen }, call) => {
    const all = await ask(call, ["domain", "vcpus"], { domain: domainOf(dom) });
    const vcpus = all.slice(0, Math.max(0, maxinfo));
    return {
      info: vcpus.map(({ number, state, cpuTimeNs, cpu }) => ({
        number,
        state: VCPU_STATES.indexOf(state),
        cpu_time: BigInt(cpuTimeNs),
        cpu,
      })),
      cpumaps: Buffer.concat(vcpus.map(({ affinity }) => cpuMap(affinity, maplen))),
    };
  },
};

/** Streams: the reply opens the stream, bytes follow in both directions. */
const consoleHandlers: DoorHandlers = {
  domainOpenConsole: async ({ dom, dev_name, flags }, call) => {
    const ways = readFlags(flags, { force: 1, safe: 2 }, driverFunction(call, "DomainOpenConsole"));
    const device = await ask(call, ["domain", "openConsole"], {
      domain: domainOf(dom),
      ...(dev_name === null ? {} : { device: dev_name }),
      ...ways,
    });
    call.openStream((stream) => join(stream, device));
  },
};

export const domainMonitorHandlers: DoorHandlers = {
  ...lookupHandlers,
  ...stateHandlers,
  ...definitionHandlers,
  ...vcpuHandlers,
  ...consoleHandlers,
};
