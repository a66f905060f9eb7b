/** Node devices. */
import { int32, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call, event } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { maybeNodeDevice, maybeText, nodeDevice, text } from "./type.ts";

/** Procedures of program "remote". */
export const nodeDeviceProcedures = {
  nodeNumOfDevices: call(
    111,
    {
      api: "virNodeNumOfDevices",
      acl: ["connect:search_node_devices"],
      aclFilter: ["node_device:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { cap: maybeText, flags: uint32 }, ret: { num: int32 } },
  ),
  nodeListDevices: call(
    112,
    {
      api: "virNodeListDevices",
      acl: ["connect:search_node_devices"],
      aclFilter: ["node_device:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { cap: maybeText, maxnames: int32, flags: uint32 },
      ret: { names: array(text, LIMIT.nodeDeviceList) },
    },
  ),
  nodeDeviceLookupByName: call(
    113,
    {
      api: "virNodeDeviceLookupByName",
      acl: ["node_device:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { dev: nodeDevice } },
  ),
  nodeDeviceGetXmlDesc: call(
    114,
    { api: "virNodeDeviceGetXMLDesc", acl: ["node_device:read"], readOnly: "allowed" },
    { args: { name: text, flags: uint32 }, ret: { xml: text } },
  ),
  nodeDeviceGetParent: call(
    115,
    {
      api: "virNodeDeviceGetParent",
      acl: ["node_device:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { parentName: maybeText } },
  ),
  nodeDeviceNumOfCaps: call(
    116,
    {
      api: "virNodeDeviceNumOfCaps",
      acl: ["node_device:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { num: int32 } },
  ),
  nodeDeviceListCaps: call(
    117,
    {
      api: "virNodeDeviceListCaps",
      acl: ["node_device:read"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { name: text, maxnames: int32 },
      ret: { names: array(text, LIMIT.nodeDeviceCapsList) },
    },
  ),
  nodeDeviceDettach: call(
    118,
    { api: "virNodeDeviceDettach", acl: ["node_device:detach"] },
    { args: { name: text } },
  ),
  nodeDeviceReAttach: call(
    119,
    { api: "virNodeDeviceReAttach", acl: ["node_device:detach"] },
    { args: { name: text } },
  ),
  nodeDeviceReset: call(
    120,
    { api: "virNodeDeviceReset", acl: ["node_device:detach"] },
    { args: { name: text } },
  ),
  nodeDeviceCreateXml: call(
    123,
    { api: "virNodeDeviceCreateXML", acl: ["node_device:write", "node_device:start"] },
    { args: { xml_desc: text, flags: uint32 }, ret: { dev: nodeDevice } },
  ),
  nodeDeviceDestroy: call(
    124,
    { api: "virNodeDeviceDestroy", acl: ["node_device:stop"], priority: "high" },
    { args: { name: text } },
  ),
  connectListAllNodeDevices: call(
    285,
    {
      api: "virConnectListAllNodeDevices",
      acl: ["connect:search_node_devices"],
      aclFilter: ["node_device:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { need_results: int32, flags: uint32 },
      ret: { devices: array(nodeDevice, LIMIT.nodeDeviceList), ret: uint32 },
    },
  ),
  nodeDeviceLookupScsiHostByWwn: call(
    297,
    {
      api: "virNodeDeviceLookupSCSIHostByWWN",
      acl: ["node_device:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { wwnn: text, wwpn: text, flags: uint32 }, ret: { dev: nodeDevice } },
  ),
  nodeDeviceDetachFlags: call(
    301,
    { api: "virNodeDeviceDetachFlags", acl: ["node_device:detach"] },
    { args: { name: text, driverName: maybeText, flags: uint32 } },
  ),
  connectNodeDeviceEventRegisterAny: call(
    374,
    {
      api: "virConnectNodeDeviceEventRegisterAny",
      acl: ["connect:search_node_devices"],
      aclFilter: ["node_device:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { eventID: int32, dev: maybeNodeDevice }, ret: { callbackID: int32 } },
  ),
  connectNodeDeviceEventDeregisterAny: call(
    375,
    {
      api: "virConnectNodeDeviceEventDeregisterAny",
      acl: ["connect:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { callbackID: int32 } },
  ),
  nodeDeviceEventLifecycle: event(376, {
    callbackID: int32,
    dev: nodeDevice,
    event: int32,
    detail: int32,
  }),
  nodeDeviceEventUpdate: event(377, { callbackID: int32, dev: nodeDevice }),
  nodeDeviceDefineXml: call(
    428,
    { api: "virNodeDeviceDefineXML", acl: ["node_device:write"] },
    { args: { xml_desc: text, flags: uint32 }, ret: { dev: nodeDevice } },
  ),
  nodeDeviceUndefine: call(
    429,
    { api: "virNodeDeviceUndefine", acl: ["node_device:delete"], priority: "high" },
    { args: { name: text, flags: uint32 } },
  ),
  nodeDeviceCreate: call(
    430,
    { api: "virNodeDeviceCreate", acl: ["node_device:start"], priority: "high" },
    { args: { name: text, flags: uint32 } },
  ),
  nodeDeviceGetAutostart: call(
    433,
    { api: "virNodeDeviceGetAutostart", acl: ["node_device:read"], priority: "high" },
    { args: { name: text }, ret: { autostart: int32 } },
  ),
  nodeDeviceSetAutostart: call(
    434,
    { api: "virNodeDeviceSetAutostart", acl: ["node_device:write"], priority: "high" },
    { args: { name: text, autostart: int32 } },
  ),
  nodeDeviceIsPersistent: call(
    435,
    {
      api: "virNodeDeviceIsPersistent",
      acl: ["node_device:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { persistent: int32 } },
  ),
  nodeDeviceIsActive: call(
    436,
    {
      api: "virNodeDeviceIsActive",
      acl: ["node_device:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { active: int32 } },
  ),
};
