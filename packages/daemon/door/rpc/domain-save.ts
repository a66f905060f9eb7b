/** RPC procedures that save domains to files and bring them back. */
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { given } from "./given.ts";
import { domainOf } from "./wire.ts";

const SAVE = { bypassCache: 1, running: 2, paused: 4 } as const;
const RESTORE = { ...SAVE, resetNvram: 8 } as const;
const WAYS = { running: 2, paused: 4 } as const;
const SECURE = { secure: 1 } as const;

export const domainSaveHandlers: DoorHandlers = {
  domainSave: ({ dom, to }, call) =>
    ask(call, ["domain", "save"], { domain: domainOf(dom), path: to }),
  domainSaveFlags: ({ dom, to, dxml, flags }, call) => {
    const ways = readFlags(flags, SAVE, driverFunction(call, "DomainSaveFlags"));
    return ask(call, ["domain", "save"], {
      domain: domainOf(dom),
      path: to,
      ...given("xml", dxml),
      ...ways,
    });
  },
  domainManagedSave: ({ dom, flags }, call) => {
    const ways = readFlags(flags, SAVE, driverFunction(call, "DomainManagedSave"));
    return ask(call, ["domain", "managedSave"], { domain: domainOf(dom), ...ways });
  },
  domainManagedSaveRemove: ({ dom, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainManagedSaveRemove"));
    return ask(call, ["domain", "removeManagedSave"], { domain: domainOf(dom) });
  },
  domainManagedSaveGetXmlDesc: async ({ dom, flags }, call) => {
    const ways = readFlags(flags, SECURE, driverFunction(call, "DomainManagedSaveGetXMLDesc"));
    return {
      xml: await ask(call, ["domain", "managedSaveXml"], { domain: domainOf(dom), ...ways }),
    };
  },
  domainSaveImageGetXmlDesc: async ({ file, flags }, call) => {
    const ways = readFlags(flags, SECURE, driverFunction(call, "DomainSaveImageGetXMLDesc"));
    return { xml: await ask(call, ["domain", "saveImageXml"], { path: file, ...ways }) };
  },
  domainSaveImageDefineXml: ({ file, dxml, flags }, call) => {
    const ways = readFlags(flags, WAYS, driverFunction(call, "DomainSaveImageDefineXML"));
    return ask(call, ["domain", "defineSaveImage"], { path: file, xml: dxml, ...ways });
  },
  domainManagedSaveDefineXml: ({ dom, dxml, flags }, call) => {
    const ways = readFlags(flags, WAYS, driverFunction(call, "DomainManagedSaveDefineXML"));
    const wish = { domain: domainOf(dom), xml: dxml ?? "", ...ways };
    return ask(call, ["domain", "defineManagedSave"], wish);
  },
  domainRestore: async ({ from }, call) => {
    await ask(call, ["domain", "restore"], { path: from });
  },
  domainRestoreFlags: async ({ from, dxml, flags }, call) => {
    const ways = readFlags(flags, RESTORE, driverFunction(call, "DomainRestoreFlags"));
    await ask(call, ["domain", "restore"], { path: from, ...given("xml", dxml), ...ways });
  },
};
