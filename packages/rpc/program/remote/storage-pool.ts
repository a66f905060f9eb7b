/** Storage pools. */
import { int32, uchar, uhyper, uint32 } from "../../xdr/scalar.ts";
import { array, uuid } from "../../xdr/sequence.ts";
import { call, event } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { maybeText, storagePool, storageVol, text } from "./type.ts";

/** Procedures of program "remote". */
export const storagePoolProcedures = {
  connectNumOfStoragePools: call(
    71,
    {
      api: "virConnectNumOfStoragePools",
      acl: ["connect:search_storage_pools"],
      aclFilter: ["storage_pool:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { num: int32 } },
  ),
  connectListStoragePools: call(
    72,
    {
      api: "virConnectListStoragePools",
      acl: ["connect:search_storage_pools"],
      aclFilter: ["storage_pool:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { maxnames: int32 }, ret: { names: array(text, LIMIT.storagePoolList) } },
  ),
  connectNumOfDefinedStoragePools: call(
    73,
    {
      api: "virConnectNumOfDefinedStoragePools",
      acl: ["connect:search_storage_pools"],
      aclFilter: ["storage_pool:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { num: int32 } },
  ),
  connectListDefinedStoragePools: call(
    74,
    {
      api: "virConnectListDefinedStoragePools",
      acl: ["connect:search_storage_pools"],
      aclFilter: ["storage_pool:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { maxnames: int32 }, ret: { names: array(text, LIMIT.storagePoolList) } },
  ),
  connectFindStoragePoolSources: call(
    75,
    { api: "virConnectFindStoragePoolSources", acl: ["connect:detect_storage_pools"] },
    { args: { type: text, srcSpec: maybeText, flags: uint32 }, ret: { xml: text } },
  ),
  storagePoolCreateXml: call(
    76,
    { api: "virStoragePoolCreateXML", acl: ["storage_pool:start", "storage_pool:write"] },
    { args: { xml: text, flags: uint32 }, ret: { pool: storagePool } },
  ),
  storagePoolDefineXml: call(
    77,
    {
      api: "virStoragePoolDefineXML",
      acl: ["storage_pool:write", "storage_pool:save"],
      priority: "high",
    },
    { args: { xml: text, flags: uint32 }, ret: { pool: storagePool } },
  ),
  storagePoolCreate: call(
    78,
    { api: "virStoragePoolCreate", acl: ["storage_pool:start"] },
    { args: { pool: storagePool, flags: uint32 } },
  ),
  storagePoolBuild: call(
    79,
    { api: "virStoragePoolBuild", acl: ["storage_pool:format"] },
    { args: { pool: storagePool, flags: uint32 } },
  ),
  storagePoolDestroy: call(
    80,
    { api: "virStoragePoolDestroy", acl: ["storage_pool:stop"], priority: "high" },
    { args: { pool: storagePool } },
  ),
  storagePoolDelete: call(
    81,
    { api: "virStoragePoolDelete", acl: ["storage_pool:format"] },
    { args: { pool: storagePool, flags: uint32 } },
  ),
  storagePoolUndefine: call(
    82,
    { api: "virStoragePoolUndefine", acl: ["storage_pool:delete"], priority: "high" },
    { args: { pool: storagePool } },
  ),
  storagePoolRefresh: call(
    83,
    { api: "virStoragePoolRefresh", acl: ["storage_pool:refresh"] },
    { args: { pool: storagePool, flags: uint32 } },
  ),
  storagePoolLookupByName: call(
    84,
    {
      api: "virStoragePoolLookupByName",
      acl: ["storage_pool:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { name: text }, ret: { pool: storagePool } },
  ),
  storagePoolLookupByUuid: call(
    85,
    {
      api: "virStoragePoolLookupByUUID",
      acl: ["storage_pool:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { uuid }, ret: { pool: storagePool } },
  ),
  storagePoolLookupByVolume: call(
    86,
    {
      api: "virStoragePoolLookupByVolume",
      acl: ["storage_pool:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { vol: storageVol }, ret: { pool: storagePool } },
  ),
  storagePoolGetInfo: call(
    87,
    {
      api: "virStoragePoolGetInfo",
      acl: ["storage_pool:read"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { pool: storagePool },
      ret: { state: uchar, capacity: uhyper, allocation: uhyper, available: uhyper },
    },
  ),
  storagePoolGetXmlDesc: call(
    88,
    {
      api: "virStoragePoolGetXMLDesc",
      acl: ["storage_pool:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { pool: storagePool, flags: uint32 }, ret: { xml: text } },
  ),
  storagePoolGetAutostart: call(
    89,
    {
      api: "virStoragePoolGetAutostart",
      acl: ["storage_pool:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { pool: storagePool }, ret: { autostart: int32 } },
  ),
  storagePoolSetAutostart: call(
    90,
    { api: "virStoragePoolSetAutostart", acl: ["storage_pool:write"], priority: "high" },
    { args: { pool: storagePool, autostart: int32 } },
  ),
  storagePoolNumOfVolumes: call(
    91,
    {
      api: "virStoragePoolNumOfVolumes",
      acl: ["storage_pool:search_storage_vols"],
      aclFilter: ["storage_vol:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { pool: storagePool }, ret: { num: int32 } },
  ),
  storagePoolListVolumes: call(
    92,
    {
      api: "virStoragePoolListVolumes",
      acl: ["storage_pool:search_storage_vols"],
      aclFilter: ["storage_vol:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { pool: storagePool, maxnames: int32 },
      ret: { names: array(text, LIMIT.storageVolList) },
    },
  ),
  storagePoolIsActive: call(
    154,
    {
      api: "virStoragePoolIsActive",
      acl: ["storage_pool:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { pool: storagePool }, ret: { active: int32 } },
  ),
  storagePoolIsPersistent: call(
    155,
    {
      api: "virStoragePoolIsPersistent",
      acl: ["storage_pool:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { pool: storagePool }, ret: { persistent: int32 } },
  ),
  connectListAllStoragePools: call(
    281,
    {
      api: "virConnectListAllStoragePools",
      acl: ["connect:search_storage_pools"],
      aclFilter: ["storage_pool:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { need_results: int32, flags: uint32 },
      ret: { pools: array(storagePool, LIMIT.storagePoolList), ret: uint32 },
    },
  ),
  storagePoolListAllVolumes: call(
    282,
    {
      api: "virStoragePoolListAllVolumes",
      acl: ["storage_pool:search_storage_vols"],
      aclFilter: ["storage_vol:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { pool: storagePool, need_results: int32, flags: uint32 },
      ret: { vols: array(storageVol, LIMIT.storageVolList), ret: uint32 },
    },
  ),
  storagePoolEventLifecycle: event(370, {
    callbackID: int32,
    pool: storagePool,
    event: int32,
    detail: int32,
  }),
  storagePoolEventRefresh: event(373, { callbackID: int32, pool: storagePool }),
  storagePoolLookupByTargetPath: call(
    391,
    {
      api: "virStoragePoolLookupByTargetPath",
      acl: ["storage_pool:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { path: text }, ret: { pool: storagePool } },
  ),
  connectGetStoragePoolCapabilities: call(
    403,
    { api: "virConnectGetStoragePoolCapabilities", acl: ["connect:read"], readOnly: "allowed" },
    { args: { flags: uint32 }, ret: { capabilities: text } },
  ),
};
