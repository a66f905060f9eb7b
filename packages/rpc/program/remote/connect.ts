/** The connection and what the hypervisor can do. */
import { int32, uhyper, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { maybeText, text, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const connectProcedures = {
  connectOpen: call(
    1,
    { api: "virConnectOpen", acl: ["connect:getattr"], readOnly: "allowed", priority: "high" },
    { args: { name: maybeText, flags: uint32 } },
  ),
  connectClose: call(2, { api: "virConnectClose", readOnly: "allowed", priority: "high" }),
  connectGetType: call(
    3,
    { api: "virConnectGetType", acl: ["connect:getattr"], readOnly: "allowed", priority: "high" },
    { ret: { type: text } },
  ),
  connectGetVersion: call(
    4,
    {
      api: "virConnectGetVersion",
      acl: ["connect:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { hv_ver: uhyper } },
  ),
  connectGetMaxVcpus: call(
    5,
    { api: "virConnectGetMaxVcpus", acl: ["connect:read"], readOnly: "allowed", priority: "high" },
    { args: { type: maybeText }, ret: { max_vcpus: int32 } },
  ),
  connectGetCapabilities: call(
    7,
    { api: "virConnectGetCapabilities", acl: ["connect:read"], readOnly: "allowed" },
    { ret: { capabilities: text } },
  ),
  connectGetHostname: call(
    59,
    {
      api: "virConnectGetHostname",
      acl: ["connect:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { hostname: text } },
  ),
  connectSupportsFeature: call(
    60,
    { acl: ["connect:getattr"], readOnly: "allowed", priority: "high" },
    { args: { feature: int32 }, ret: { supported: int32 } },
  ),
  connectGetUri: call(
    110,
    { api: "virConnectGetURI", acl: ["connect:getattr"], readOnly: "allowed", priority: "high" },
    { ret: { uri: text } },
  ),
  connectIsSecure: call(
    149,
    { api: "virConnectIsSecure", readOnly: "allowed", priority: "high" },
    { ret: { secure: int32 } },
  ),
  connectGetLibVersion: call(
    157,
    {
      api: "virConnectGetLibVersion",
      acl: ["connect:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { lib_ver: uhyper } },
  ),
  connectCompareCpu: call(
    158,
    { api: "virConnectCompareCPU", acl: ["connect:read"], readOnly: "allowed", priority: "high" },
    { args: { xml: text, flags: uint32 }, ret: { result: int32 } },
  ),
  connectBaselineCpu: call(
    162,
    { api: "virConnectBaselineCPU", acl: ["connect:read"], readOnly: "allowed" },
    { args: { xmlCPUs: array(text, LIMIT.cpuBaseline), flags: uint32 }, ret: { cpu: text } },
  ),
  connectGetSysinfo: call(
    203,
    { api: "virConnectGetSysinfo", acl: ["connect:read"], readOnly: "allowed", priority: "high" },
    { args: { flags: uint32 }, ret: { sysinfo: text } },
  ),
  connectGetCpuModelNames: call(
    312,
    { api: "virConnectGetCPUModelNames", acl: ["connect:read"], readOnly: "allowed" },
    {
      args: { arch: text, need_results: int32, flags: uint32 },
      ret: { models: array(text, LIMIT.connectCpuModels), ret: int32 },
    },
  ),
  connectGetDomainCapabilities: call(
    342,
    { api: "virConnectGetDomainCapabilities", acl: ["connect:write"] },
    {
      args: {
        emulatorbin: maybeText,
        arch: maybeText,
        machine: maybeText,
        virttype: maybeText,
        flags: uint32,
      },
      ret: { capabilities: text },
    },
  ),
  connectCompareHypervisorCpu: call(
    393,
    { api: "virConnectCompareHypervisorCPU", acl: ["connect:write"] },
    {
      args: {
        emulator: maybeText,
        arch: maybeText,
        machine: maybeText,
        virttype: maybeText,
        xmlCPU: text,
        flags: uint32,
      },
      ret: { result: int32 },
    },
  ),
  connectBaselineHypervisorCpu: call(
    394,
    { api: "virConnectBaselineHypervisorCPU", acl: ["connect:write"] },
    {
      args: {
        emulator: maybeText,
        arch: maybeText,
        machine: maybeText,
        virttype: maybeText,
        xmlCPUs: array(text, LIMIT.cpuBaseline),
        flags: uint32,
      },
      ret: { cpu: text },
    },
  ),
  connectSetIdentity: call(
    419,
    { api: "virConnectSetIdentity", acl: ["connect:write"], readOnly: "allowed" },
    { args: { params: array(typedParam, LIMIT.connectIdentityParams), flags: uint32 } },
  ),
};
