/** RPC procedures about backups. */
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { domainOf } from "./wire.ts";

export const domainBackupHandlers: DoorHandlers = {
  domainBackupBegin: ({ dom, backup_xml, checkpoint_xml, flags }, call) => {
    const ways = readFlags(flags, { reuse: 1 }, driverFunction(call, "DomainBackupBegin"));
    return ask(call, ["domain", "beginBackup"], {
      domain: domainOf(dom),
      xml: backup_xml,
      ...(checkpoint_xml === null ? {} : { checkpointXml: checkpoint_xml }),
      ...ways,
    });
  },
  domainBackupGetXmlDesc: async ({ dom, flags }, call) => {
    readFlags(flags, {}, driverFunction(call, "DomainBackupGetXMLDesc"));
    return { xml: await ask(call, ["domain", "backupXml"], { domain: domainOf(dom) }) };
  },
};
