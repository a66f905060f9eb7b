/** Life of a domain: define, start, stop, look up. */
import { int32, uhyper, uint32 } from "../../xdr/scalar.ts";
import { uuid } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { domain, maybeText, text } from "./type.ts";

/** Procedures of program "remote". */
export const domainProcedures = {
  domainCreate: call(
    9,
    { api: "virDomainCreate", acl: ["domain:start"] },
    { args: { dom: domain } },
  ),
  domainCreateXml: call(
    10,
    { api: "virDomainCreateXML", acl: ["domain:write", "domain:start"] },
    { args: { xml_desc: text, flags: uint32 }, ret: { dom: domain } },
  ),
  domainDefineXml: call(
    11,
    { api: "virDomainDefineXML", acl: ["domain:write", "domain:save"], priority: "high" },
    { args: { xml: text }, ret: { dom: domain } },
  ),
  domainDestroy: call(
    12,
    { api: "virDomainDestroy", acl: ["domain:stop"], priority: "high" },
    { args: { dom: domain } },
  ),
  domainGetAutostart: call(
    15,
    { api: "virDomainGetAutostart", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    { args: { dom: domain }, ret: { autostart: int32 } },
  ),
  domainLookupById: call(
    22,
    { api: "virDomainLookupByID", acl: ["domain:getattr"], readOnly: "allowed", priority: "high" },
    { args: { id: int32 }, ret: { dom: domain } },
  ),
  domainLookupByName: call(
    23,
    {
      api: "virDomainLookupByName",
      acl: ["domain:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { dom: domain } },
  ),
  domainLookupByUuid: call(
    24,
    {
      api: "virDomainLookupByUUID",
      acl: ["domain:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { uuid }, ret: { dom: domain } },
  ),
  domainReboot: call(
    27,
    {
      api: "virDomainReboot",
      acl: ["domain:init_control", "domain:write:VIR_DOMAIN_REBOOT_GUEST_AGENT"],
    },
    { args: { dom: domain, flags: uint32 } },
  ),
  domainResume: call(
    28,
    { api: "virDomainResume", acl: ["domain:suspend"] },
    { args: { dom: domain } },
  ),
  domainSetAutostart: call(
    29,
    { api: "virDomainSetAutostart", acl: ["domain:write"], priority: "high" },
    { args: { dom: domain, autostart: int32 } },
  ),
  domainShutdown: call(
    33,
    { api: "virDomainShutdown", acl: ["domain:init_control"] },
    { args: { dom: domain } },
  ),
  domainSuspend: call(
    34,
    { api: "virDomainSuspend", acl: ["domain:suspend"] },
    { args: { dom: domain } },
  ),
  domainUndefine: call(
    35,
    { api: "virDomainUndefine", acl: ["domain:delete"], priority: "high" },
    { args: { dom: domain } },
  ),
  domainCreateWithFlags: call(
    196,
    { api: "virDomainCreateWithFlags", acl: ["domain:start"] },
    { args: { dom: domain, flags: uint32 }, ret: { dom: domain } },
  ),
  domainUndefineFlags: call(
    231,
    { api: "virDomainUndefineFlags", acl: ["domain:delete"], priority: "high" },
    { args: { dom: domain, flags: uint32 } },
  ),
  domainDestroyFlags: call(
    234,
    { api: "virDomainDestroyFlags", acl: ["domain:stop"], priority: "high" },
    { args: { dom: domain, flags: uint32 } },
  ),
  domainReset: call(
    245,
    { api: "virDomainReset", acl: ["domain:reset"] },
    { args: { dom: domain, flags: uint32 } },
  ),
  domainShutdownFlags: call(
    258,
    {
      api: "virDomainShutdownFlags",
      acl: ["domain:init_control", "domain:write:VIR_DOMAIN_SHUTDOWN_GUEST_AGENT"],
    },
    { args: { dom: domain, flags: uint32 } },
  ),
  domainPmSuspendForDuration: call(
    261,
    { api: "virDomainPMSuspendForDuration", acl: ["domain:pm_control"] },
    { args: { dom: domain, target: uint32, duration: uhyper, flags: uint32 } },
  ),
  domainPmWakeup: call(
    267,
    { api: "virDomainPMWakeup", acl: ["domain:pm_control"] },
    { args: { dom: domain, flags: uint32 } },
  ),
  domainCreateXmlWithFiles: call(
    309,
    {
      api: "virDomainCreateXMLWithFiles",
      acl: ["domain:write", "domain:start"],
      descriptors: "call",
    },
    { args: { xml_desc: text, flags: uint32 }, ret: { dom: domain } },
  ),
  domainCreateWithFiles: call(
    310,
    { api: "virDomainCreateWithFiles", acl: ["domain:start"], descriptors: "call" },
    { args: { dom: domain, flags: uint32 }, ret: { dom: domain } },
  ),
  domainDefineXmlFlags: call(
    350,
    { api: "virDomainDefineXMLFlags", acl: ["domain:write", "domain:save"], priority: "high" },
    { args: { xml: text, flags: uint32 }, ret: { dom: domain } },
  ),
  domainRename: call(
    358,
    { api: "virDomainRename", acl: ["domain:write", "domain:save"] },
    { args: { dom: domain, new_name: maybeText, flags: uint32 }, ret: { retcode: int32 } },
  ),
  domainSetLifecycleAction: call(
    390,
    { api: "virDomainSetLifecycleAction", acl: ["domain:write"] },
    { args: { dom: domain, type: uint32, action: uint32, flags: uint32 } },
  ),
};
