/** What a domain is and does: state, XML, metadata, security. */
import { hyper, int32, uchar, uhyper, uint32, ushort } from "../../xdr/scalar.ts";
import { array, chars } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, maybeText, securityLabel, text, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const domainInfoProcedures = {
  domainGetXmlDesc: call(
    14,
    {
      api: "virDomainGetXMLDesc",
      acl: [
        "domain:read",
        "domain:read_secure:VIR_DOMAIN_XML_SECURE",
        "domain:read_secure:VIR_DOMAIN_XML_MIGRATABLE",
      ],
      readOnly: { field: "flags", bits: 9 },
    },
    { args: { dom: domain, flags: uint32 }, ret: { xml: text } },
  ),
  domainGetInfo: call(
    16,
    { api: "virDomainGetInfo", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain },
      ret: { state: uchar, maxMem: uhyper, memory: uhyper, nrVirtCpu: ushort, cpuTime: uhyper },
    },
  ),
  domainGetOsType: call(
    19,
    { api: "virDomainGetOSType", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    { args: { dom: domain }, ret: { type: text } },
  ),
  domainGetSecurityLabel: call(
    121,
    {
      api: "virDomainGetSecurityLabel",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { dom: domain }, ret: { label: chars(LIMIT.securityLabel), enforcing: int32 } },
  ),
  domainIsActive: call(
    150,
    { api: "virDomainIsActive", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    { args: { dom: domain }, ret: { active: int32 } },
  ),
  domainIsPersistent: call(
    151,
    { api: "virDomainIsPersistent", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    { args: { dom: domain }, ret: { persistent: int32 } },
  ),
  domainIsUpdated: call(
    202,
    { api: "virDomainIsUpdated", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    { args: { dom: domain }, ret: { updated: int32 } },
  ),
  domainGetState: call(
    212,
    { api: "virDomainGetState", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    { args: { dom: domain, flags: uint32 }, ret: { state: int32, reason: int32 } },
  ),
  domainGetControlInfo: call(
    229,
    { api: "virDomainGetControlInfo", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    {
      args: { dom: domain, flags: uint32 },
      ret: { state: uint32, details: uint32, stateTime: uhyper },
    },
  ),
  domainSetMetadata: call(
    264,
    {
      api: "virDomainSetMetadata",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    {
      args: {
        dom: domain,
        type: int32,
        metadata: maybeText,
        key: maybeText,
        uri: maybeText,
        flags: uint32,
      },
    },
  ),
  domainGetMetadata: call(
    265,
    { api: "virDomainGetMetadata", acl: ["domain:read"], readOnly: "allowed" },
    { args: { dom: domain, type: int32, uri: maybeText, flags: uint32 }, ret: { metadata: text } },
  ),
  domainGetSecurityLabelList: call(
    278,
    {
      api: "virDomainGetSecurityLabelList",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { dom: domain },
      ret: { labels: array(securityLabel, LIMIT.securityLabelList), ret: int32 },
    },
  ),
  domainSendProcessSignal: call(
    295,
    { api: "virDomainSendProcessSignal", acl: ["domain:send_signal"] },
    { args: { dom: domain, pid_value: hyper, signum: uint32, flags: uint32 } },
  ),
  domainGetLaunchSecurityInfo: call(
    396,
    { api: "virDomainGetLaunchSecurityInfo", acl: ["domain:read"] },
    {
      args: { dom: domain, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainLaunchSecurityInfoParams) },
    },
  ),
  domainGetMessages: call(
    426,
    { api: "virDomainGetMessages", acl: ["domain:read"], readOnly: "allowed" },
    { args: { dom: domain, flags: uint32 }, ret: { msgs: array(text, LIMIT.domainMessages) } },
  ),
  domainSetLaunchSecurityState: call(
    439,
    { api: "virDomainSetLaunchSecurityState", acl: ["domain:write"] },
    {
      args: {
        dom: domain,
        params: array(typedParam, LIMIT.domainLaunchSecurityStateParams),
        flags: uint32,
      },
    },
  ),
};
