/** Networks and network ports. */
import { int32, uint32 } from "../../xdr/scalar.ts";
import { array, uuid } from "../../xdr/sequence.ts";
import { call, event } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { maybeText, network, networkDhcpLease, networkPort, text, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const networkProcedures = {
  connectListDefinedNetworks: call(
    36,
    {
      api: "virConnectListDefinedNetworks",
      acl: ["connect:search_networks"],
      aclFilter: ["network:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { maxnames: int32 }, ret: { names: array(text, LIMIT.networkList) } },
  ),
  connectListNetworks: call(
    38,
    {
      api: "virConnectListNetworks",
      acl: ["connect:search_networks"],
      aclFilter: ["network:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { maxnames: int32 }, ret: { names: array(text, LIMIT.networkList) } },
  ),
  networkCreate: call(
    39,
    { api: "virNetworkCreate", acl: ["network:start"] },
    { args: { net: network } },
  ),
  networkCreateXml: call(
    40,
    { api: "virNetworkCreateXML", acl: ["network:write", "network:start"] },
    { args: { xml: text }, ret: { net: network } },
  ),
  networkDefineXml: call(
    41,
    { api: "virNetworkDefineXML", acl: ["network:write", "network:save"], priority: "high" },
    { args: { xml: text }, ret: { net: network } },
  ),
  networkDestroy: call(
    42,
    { api: "virNetworkDestroy", acl: ["network:stop"], priority: "high" },
    { args: { net: network } },
  ),
  networkGetXmlDesc: call(
    43,
    { api: "virNetworkGetXMLDesc", acl: ["network:read"], readOnly: "allowed", priority: "high" },
    { args: { net: network, flags: uint32 }, ret: { xml: text } },
  ),
  networkGetAutostart: call(
    44,
    { api: "virNetworkGetAutostart", acl: ["network:read"], readOnly: "allowed", priority: "high" },
    { args: { net: network }, ret: { autostart: int32 } },
  ),
  networkGetBridgeName: call(
    45,
    {
      api: "virNetworkGetBridgeName",
      acl: ["network:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { net: network }, ret: { name: text } },
  ),
  networkLookupByName: call(
    46,
    {
      api: "virNetworkLookupByName",
      acl: ["network:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { net: network } },
  ),
  networkLookupByUuid: call(
    47,
    {
      api: "virNetworkLookupByUUID",
      acl: ["network:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { uuid }, ret: { net: network } },
  ),
  networkSetAutostart: call(
    48,
    { api: "virNetworkSetAutostart", acl: ["network:write"], priority: "high" },
    { args: { net: network, autostart: int32 } },
  ),
  networkUndefine: call(
    49,
    { api: "virNetworkUndefine", acl: ["network:delete"], priority: "high" },
    { args: { net: network } },
  ),
  connectNumOfDefinedNetworks: call(
    50,
    {
      api: "virConnectNumOfDefinedNetworks",
      acl: ["connect:search_networks"],
      aclFilter: ["network:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { num: int32 } },
  ),
  connectNumOfNetworks: call(
    52,
    {
      api: "virConnectNumOfNetworks",
      acl: ["connect:search_networks"],
      aclFilter: ["network:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { num: int32 } },
  ),
  networkIsActive: call(
    152,
    { api: "virNetworkIsActive", acl: ["network:read"], readOnly: "allowed", priority: "high" },
    { args: { net: network }, ret: { active: int32 } },
  ),
  networkIsPersistent: call(
    153,
    { api: "virNetworkIsPersistent", acl: ["network:read"], readOnly: "allowed", priority: "high" },
    { args: { net: network }, ret: { persistent: int32 } },
  ),
  connectListAllNetworks: call(
    283,
    {
      api: "virConnectListAllNetworks",
      acl: ["connect:search_networks"],
      aclFilter: ["network:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { need_results: int32, flags: uint32 },
      ret: { nets: array(network, LIMIT.networkList), ret: uint32 },
    },
  ),
  networkUpdate: call(
    291,
    {
      api: "virNetworkUpdate",
      acl: [
        "network:write",
        "network:save:!VIR_NETWORK_UPDATE_AFFECT_CONFIG|VIR_NETWORK_UPDATE_AFFECT_LIVE",
        "network:save:VIR_NETWORK_UPDATE_AFFECT_CONFIG",
      ],
      priority: "high",
    },
    {
      args: {
        net: network,
        command: uint32,
        section: uint32,
        parentIndex: int32,
        xml: text,
        flags: uint32,
      },
    },
  ),
  networkEventLifecycle: event(315, {
    callbackID: int32,
    net: network,
    event: int32,
    detail: int32,
  }),
  networkGetDhcpLeases: call(
    341,
    { api: "virNetworkGetDHCPLeases", acl: ["network:read"], readOnly: "allowed" },
    {
      args: { net: network, mac: maybeText, need_results: int32, flags: uint32 },
      ret: { leases: array(networkDhcpLease, LIMIT.networkDhcpLeases), ret: uint32 },
    },
  ),
  networkListAllPorts: call(
    404,
    {
      api: "virNetworkListAllPorts",
      acl: ["network:search_ports"],
      aclFilter: ["network_port:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { network, need_results: int32, flags: uint32 },
      ret: { ports: array(networkPort, LIMIT.networkPortList), ret: uint32 },
    },
  ),
  networkPortLookupByUuid: call(
    405,
    {
      api: "virNetworkPortLookupByUUID",
      acl: ["network_port:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { network, uuid }, ret: { port: networkPort } },
  ),
  networkPortCreateXml: call(
    406,
    { api: "virNetworkPortCreateXML", acl: ["network_port:create"] },
    { args: { network, xml: text, flags: uint32 }, ret: { port: networkPort } },
  ),
  networkPortGetParameters: call(
    407,
    { api: "virNetworkPortGetParameters", acl: ["network_port:read"], readOnly: "allowed" },
    {
      args: { port: networkPort, nparams: int32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.networkPortParameters), nparams: int32 },
    },
  ),
  networkPortSetParameters: call(
    408,
    { api: "virNetworkPortSetParameters", acl: ["network_port:write"] },
    {
      args: {
        port: networkPort,
        params: array(typedParam, LIMIT.networkPortParameters),
        flags: uint32,
      },
    },
  ),
  networkPortGetXmlDesc: call(
    409,
    { api: "virNetworkPortGetXMLDesc", acl: ["network_port:read"], readOnly: "allowed" },
    { args: { port: networkPort, flags: uint32 }, ret: { xml: text } },
  ),
  networkPortDelete: call(
    410,
    { api: "virNetworkPortDelete", acl: ["network_port:delete"] },
    { args: { port: networkPort, flags: uint32 } },
  ),
  networkDefineXmlFlags: call(
    432,
    { api: "virNetworkDefineXMLFlags", acl: ["network:write", "network:save"], priority: "high" },
    { args: { xml: text, flags: uint32 }, ret: { net: network } },
  ),
  networkCreateXmlFlags: call(
    437,
    { api: "virNetworkCreateXMLFlags", acl: ["network:write", "network:start"], priority: "high" },
    { args: { xml: text, flags: uint32 }, ret: { net: network } },
  ),
};
