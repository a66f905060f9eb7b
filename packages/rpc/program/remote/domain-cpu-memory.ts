/** CPUs, I/O threads and memory of domains. */
import { int32, uhyper, uint32 } from "../../xdr/scalar.ts";
import { array, opaque } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import {
  domain,
  domainIothreadInfo,
  domainMemoryStat,
  text,
  typedParam,
  vcpuInfo,
} from "./type.ts";

/** Procedures of program "remote". */
export const domainCpuMemoryProcedures = {
  domainGetMaxMemory: call(
    17,
    { api: "virDomainGetMaxMemory", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    { args: { dom: domain }, ret: { memory: uhyper } },
  ),
  domainGetMaxVcpus: call(
    18,
    { api: "virDomainGetMaxVcpus", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    { args: { dom: domain }, ret: { num: int32 } },
  ),
  domainGetVcpus: call(
    20,
    { api: "virDomainGetVcpus", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    {
      args: { dom: domain, maxinfo: int32, maplen: int32 },
      ret: { info: array(vcpuInfo, LIMIT.vcpuinfo), cpumaps: opaque(LIMIT.cpumaps) },
    },
  ),
  domainPinVcpu: call(
    26,
    { api: "virDomainPinVcpu", acl: ["domain:write"] },
    { args: { dom: domain, vcpu: uint32, cpumap: opaque(LIMIT.cpumap) } },
  ),
  domainSetMaxMemory: call(
    30,
    { api: "virDomainSetMaxMemory", acl: ["domain:write"], priority: "high" },
    { args: { dom: domain, memory: uhyper } },
  ),
  domainSetMemory: call(
    31,
    { api: "virDomainSetMemory", acl: ["domain:write"] },
    { args: { dom: domain, memory: uhyper } },
  ),
  domainSetVcpus: call(
    32,
    { api: "virDomainSetVcpus", acl: ["domain:write"] },
    { args: { dom: domain, nvcpus: uint32 } },
  ),
  domainMemoryPeek: call(
    104,
    { api: "virDomainMemoryPeek", acl: ["domain:mem_read"] },
    {
      args: { dom: domain, offset: uhyper, size: uint32, flags: uint32 },
      ret: { buffer: opaque(LIMIT.domainMemoryPeekBuffer) },
    },
  ),
  domainMemoryStats: call(
    159,
    { api: "virDomainMemoryStats", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, maxStats: uint32, flags: uint32 },
      ret: { stats: array(domainMemoryStat, LIMIT.domainMemoryStats) },
    },
  ),
  domainSetVcpusFlags: call(
    199,
    {
      api: "virDomainSetVcpusFlags",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
        "domain:write:VIR_DOMAIN_VCPU_GUEST",
      ],
    },
    { args: { dom: domain, nvcpus: uint32, flags: uint32 } },
  ),
  domainGetVcpusFlags: call(
    200,
    {
      api: "virDomainGetVcpusFlags",
      acl: ["domain:read", "domain:write:VIR_DOMAIN_VCPU_GUEST"],
      readOnly: { field: "flags", bits: 8 },
    },
    { args: { dom: domain, flags: uint32 }, ret: { num: int32 } },
  ),
  domainSetMemoryFlags: call(
    204,
    {
      api: "virDomainSetMemoryFlags",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, memory: uhyper, flags: uint32 } },
  ),
  domainPinVcpuFlags: call(
    225,
    {
      api: "virDomainPinVcpuFlags",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, vcpu: uint32, cpumap: opaque(LIMIT.cpumap), flags: uint32 } },
  ),
  domainGetVcpuPinInfo: call(
    230,
    { api: "virDomainGetVcpuPinInfo", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, ncpumaps: int32, maplen: int32, flags: uint32 },
      ret: { cpumaps: opaque(LIMIT.cpumaps), num: int32 },
    },
  ),
  domainGetCpuStats: call(
    262,
    { api: "virDomainGetCPUStats", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, nparams: uint32, start_cpu: int32, ncpus: uint32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainGetCpuStats), nparams: int32 },
    },
  ),
  domainPinEmulator: call(
    279,
    {
      api: "virDomainPinEmulator",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, cpumap: opaque(LIMIT.cpumap), flags: uint32 } },
  ),
  domainGetEmulatorPinInfo: call(
    280,
    { api: "virDomainGetEmulatorPinInfo", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, maplen: int32, flags: uint32 },
      ret: { cpumaps: opaque(LIMIT.cpumaps), ret: int32 },
    },
  ),
  domainSetMemoryStatsPeriod: call(
    308,
    {
      api: "virDomainSetMemoryStatsPeriod",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, period: int32, flags: uint32 } },
  ),
  domainGetIothreadInfo: call(
    351,
    { api: "virDomainGetIOThreadInfo", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, flags: uint32 },
      ret: { info: array(domainIothreadInfo, LIMIT.iothreadInfo), ret: uint32 },
    },
  ),
  domainPinIothread: call(
    352,
    {
      api: "virDomainPinIOThread",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, iothreads_id: uint32, cpumap: opaque(LIMIT.cpumap), flags: uint32 } },
  ),
  domainAddIothread: call(
    355,
    {
      api: "virDomainAddIOThread",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, iothread_id: uint32, flags: uint32 } },
  ),
  domainDelIothread: call(
    356,
    {
      api: "virDomainDelIOThread",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, iothread_id: uint32, flags: uint32 } },
  ),
  domainSetVcpu: call(
    384,
    {
      api: "virDomainSetVcpu",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    { args: { dom: domain, cpumap: text, state: int32, flags: uint32 } },
  ),
  domainSetIothreadParams: call(
    402,
    {
      api: "virDomainSetIOThreadParams",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    {
      args: {
        dom: domain,
        iothread_id: uint32,
        params: array(typedParam, LIMIT.domainIothreadParams),
        flags: uint32,
      },
    },
  ),
};
