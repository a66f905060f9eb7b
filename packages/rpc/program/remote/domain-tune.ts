/** Tunables of domains, as typed parameters. */
import { int32, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, text, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const domainTuneProcedures = {
  domainGetSchedulerType: call(
    56,
    { api: "virDomainGetSchedulerType", acl: ["domain:read"], readOnly: "allowed" },
    { args: { dom: domain }, ret: { type: text, nparams: int32 } },
  ),
  domainGetSchedulerParameters: call(
    57,
    { api: "virDomainGetSchedulerParameters", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, nparams: int32 },
      ret: { params: array(typedParam, LIMIT.domainSchedulerParameters) },
    },
  ),
  domainSetSchedulerParameters: call(
    58,
    { api: "virDomainSetSchedulerParameters", acl: ["domain:read"] },
    { args: { dom: domain, params: array(typedParam, LIMIT.domainSchedulerParameters) } },
  ),
  domainSetMemoryParameters: call(
    197,
    {
      api: "virDomainSetMemoryParameters",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    {
      args: { dom: domain, params: array(typedParam, LIMIT.domainMemoryParameters), flags: uint32 },
    },
  ),
  domainGetMemoryParameters: call(
    198,
    { api: "virDomainGetMemoryParameters", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, nparams: int32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainMemoryParameters), nparams: int32 },
    },
  ),
  domainSetBlkioParameters: call(
    205,
    {
      api: "virDomainSetBlkioParameters",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    {
      args: { dom: domain, params: array(typedParam, LIMIT.domainBlkioParameters), flags: uint32 },
    },
  ),
  domainGetBlkioParameters: call(
    206,
    { api: "virDomainGetBlkioParameters", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, nparams: int32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainBlkioParameters), nparams: int32 },
    },
  ),
  domainSetSchedulerParametersFlags: call(
    219,
    {
      api: "virDomainSetSchedulerParametersFlags",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    {
      args: {
        dom: domain,
        params: array(typedParam, LIMIT.domainSchedulerParameters),
        flags: uint32,
      },
    },
  ),
  domainGetSchedulerParametersFlags: call(
    223,
    { api: "virDomainGetSchedulerParametersFlags", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, nparams: int32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainSchedulerParameters) },
    },
  ),
  domainSetNumaParameters: call(
    254,
    {
      api: "virDomainSetNumaParameters",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, params: array(typedParam, LIMIT.domainNumaParameters), flags: uint32 } },
  ),
  domainGetNumaParameters: call(
    255,
    { api: "virDomainGetNumaParameters", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, nparams: int32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainNumaParameters), nparams: int32 },
    },
  ),
  domainSetInterfaceParameters: call(
    256,
    {
      api: "virDomainSetInterfaceParameters",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    {
      args: {
        dom: domain,
        device: text,
        params: array(typedParam, LIMIT.domainInterfaceParameters),
        flags: uint32,
      },
    },
  ),
  domainGetInterfaceParameters: call(
    257,
    { api: "virDomainGetInterfaceParameters", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, device: text, nparams: int32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainInterfaceParameters), nparams: int32 },
    },
  ),
  domainGetPerfEvents: call(
    365,
    { api: "virDomainGetPerfEvents", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainPerfEvents) },
    },
  ),
  domainSetPerfEvents: call(
    366,
    { api: "virDomainSetPerfEvents", acl: ["domain:write"] },
    { args: { dom: domain, params: array(typedParam, LIMIT.domainPerfEvents), flags: uint32 } },
  ),
  domainStartDirtyRateCalc: call(
    427,
    { api: "virDomainStartDirtyRateCalc", acl: ["domain:write"] },
    { args: { dom: domain, seconds: int32, flags: uint32 } },
  ),
};
