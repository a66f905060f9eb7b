/** The host: CPUs, memory, suspending. */
import { int32, uhyper, uint32 } from "../../xdr/scalar.ts";
import { array, charArray, chars, opaque } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { nodeGetCpuStats, nodeGetMemoryStats, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const nodeProcedures = {
  nodeGetInfo: call(
    6,
    { api: "virNodeGetInfo", acl: ["connect:read"], readOnly: "allowed", priority: "high" },
    {
      ret: {
        model: charArray(32),
        memory: uhyper,
        cpus: int32,
        mhz: int32,
        nodes: int32,
        sockets: int32,
        cores: int32,
        threads: int32,
      },
    },
  ),
  nodeGetCellsFreeMemory: call(
    101,
    {
      api: "virNodeGetCellsFreeMemory",
      acl: ["connect:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { startCell: int32, maxcells: int32 }, ret: { cells: array(uhyper, LIMIT.nodeCells) } },
  ),
  nodeGetFreeMemory: call(
    102,
    { api: "virNodeGetFreeMemory", acl: ["connect:read"], readOnly: "allowed", priority: "high" },
    { ret: { freeMem: uhyper } },
  ),
  nodeGetSecurityModel: call(
    122,
    {
      api: "virNodeGetSecurityModel",
      acl: ["connect:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { model: chars(LIMIT.securityModel), doi: chars(LIMIT.securityDoi) } },
  ),
  nodeGetCpuStats: call(
    227,
    { api: "virNodeGetCPUStats", acl: ["connect:read"], readOnly: "allowed", priority: "high" },
    {
      args: { cpuNum: int32, nparams: int32, flags: uint32 },
      ret: { params: array(nodeGetCpuStats, LIMIT.nodeCpuStats), nparams: int32 },
    },
  ),
  nodeGetMemoryStats: call(
    228,
    { api: "virNodeGetMemoryStats", acl: ["connect:read"], readOnly: "allowed", priority: "high" },
    {
      args: { nparams: int32, cellNum: int32, flags: uint32 },
      ret: { params: array(nodeGetMemoryStats, LIMIT.nodeMemoryStats), nparams: int32 },
    },
  ),
  nodeSuspendForDuration: call(
    250,
    { api: "virNodeSuspendForDuration", acl: ["connect:pm_control"] },
    { args: { target: uint32, duration: uhyper, flags: uint32 } },
  ),
  nodeSetMemoryParameters: call(
    288,
    { api: "virNodeSetMemoryParameters", acl: ["connect:write"] },
    { args: { params: array(typedParam, LIMIT.nodeMemoryParameters), flags: uint32 } },
  ),
  nodeGetMemoryParameters: call(
    289,
    { api: "virNodeGetMemoryParameters", acl: ["connect:read"], readOnly: "allowed" },
    {
      args: { nparams: int32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.nodeMemoryParameters), nparams: int32 },
    },
  ),
  nodeGetCpuMap: call(
    293,
    { api: "virNodeGetCPUMap", acl: ["connect:read"], readOnly: "allowed" },
    {
      args: { need_map: int32, need_online: int32, flags: uint32 },
      ret: { cpumap: opaque(LIMIT.cpumap), online: uint32, ret: int32 },
    },
  ),
  nodeGetFreePages: call(
    340,
    { api: "virNodeGetFreePages", acl: ["connect:read"], readOnly: "allowed", priority: "high" },
    {
      args: {
        pages: array(uint32, LIMIT.nodeCells),
        startCell: int32,
        cellCount: uint32,
        flags: uint32,
      },
      ret: { counts: array(uhyper, LIMIT.nodeCells) },
    },
  ),
  nodeAllocPages: call(
    347,
    { api: "virNodeAllocPages", acl: ["connect:write"] },
    {
      args: {
        pageSizes: array(uint32, LIMIT.nodeCells),
        pageCounts: array(uhyper, LIMIT.nodeCells),
        startCell: int32,
        cellCount: uint32,
        flags: uint32,
      },
      ret: { ret: int32 },
    },
  ),
  nodeGetSevInfo: call(
    395,
    { api: "virNodeGetSEVInfo", acl: ["connect:read"] },
    {
      args: { nparams: int32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.nodeSevInfo), nparams: int32 },
    },
  ),
};
