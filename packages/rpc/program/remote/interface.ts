/** Host interfaces. */
import { int32, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { hostInterface, text } from "./type.ts";

/** Procedures of program "remote". */
export const interfaceProcedures = {
  connectNumOfInterfaces: call(
    126,
    {
      api: "virConnectNumOfInterfaces",
      acl: ["connect:search_interfaces"],
      aclFilter: ["interface:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { num: int32 } },
  ),
  connectListInterfaces: call(
    127,
    {
      api: "virConnectListInterfaces",
      acl: ["connect:search_interfaces"],
      aclFilter: ["interface:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { maxnames: int32 }, ret: { names: array(text, LIMIT.interfaceList) } },
  ),
  interfaceLookupByName: call(
    128,
    {
      api: "virInterfaceLookupByName",
      acl: ["interface:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { iface: hostInterface } },
  ),
  interfaceLookupByMacString: call(
    129,
    {
      api: "virInterfaceLookupByMACString",
      acl: ["interface:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { mac: text }, ret: { iface: hostInterface } },
  ),
  interfaceGetXmlDesc: call(
    130,
    { api: "virInterfaceGetXMLDesc", acl: ["interface:read"], readOnly: "allowed" },
    { args: { iface: hostInterface, flags: uint32 }, ret: { xml: text } },
  ),
  interfaceDefineXml: call(
    131,
    { api: "virInterfaceDefineXML", acl: ["interface:write", "interface:save"], priority: "high" },
    { args: { xml: text, flags: uint32 }, ret: { iface: hostInterface } },
  ),
  interfaceUndefine: call(
    132,
    { api: "virInterfaceUndefine", acl: ["interface:delete"], priority: "high" },
    { args: { iface: hostInterface } },
  ),
  interfaceCreate: call(
    133,
    { api: "virInterfaceCreate", acl: ["interface:start"] },
    { args: { iface: hostInterface, flags: uint32 } },
  ),
  interfaceDestroy: call(
    134,
    { api: "virInterfaceDestroy", acl: ["interface:stop"], priority: "high" },
    { args: { iface: hostInterface, flags: uint32 } },
  ),
  connectNumOfDefinedInterfaces: call(
    137,
    {
      api: "virConnectNumOfDefinedInterfaces",
      acl: ["connect:search_interfaces"],
      aclFilter: ["interface:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { num: int32 } },
  ),
  connectListDefinedInterfaces: call(
    138,
    {
      api: "virConnectListDefinedInterfaces",
      acl: ["connect:search_interfaces"],
      aclFilter: ["interface:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { maxnames: int32 }, ret: { names: array(text, LIMIT.interfaceList) } },
  ),
  interfaceIsActive: call(
    156,
    { api: "virInterfaceIsActive", acl: ["interface:read"], readOnly: "allowed", priority: "high" },
    { args: { iface: hostInterface }, ret: { active: int32 } },
  ),
  interfaceChangeBegin: call(
    220,
    { api: "virInterfaceChangeBegin", acl: ["connect:interface_transaction"] },
    { args: { flags: uint32 } },
  ),
  interfaceChangeCommit: call(
    221,
    { api: "virInterfaceChangeCommit", acl: ["connect:interface_transaction"] },
    { args: { flags: uint32 } },
  ),
  interfaceChangeRollback: call(
    222,
    { api: "virInterfaceChangeRollback", acl: ["connect:interface_transaction"] },
    { args: { flags: uint32 } },
  ),
  connectListAllInterfaces: call(
    284,
    {
      api: "virConnectListAllInterfaces",
      acl: ["connect:search_interfaces"],
      aclFilter: ["interface:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { need_results: int32, flags: uint32 },
      ret: { ifaces: array(hostInterface, LIMIT.interfaceList), ret: uint32 },
    },
  ),
};
