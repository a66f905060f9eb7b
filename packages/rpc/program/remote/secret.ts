/** Secrets. */
import { int32, uint32 } from "../../xdr/scalar.ts";
import { array, opaque, uuid } from "../../xdr/sequence.ts";
import { call, event } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { secret, text } from "./type.ts";

/** Procedures of program "remote". */
export const secretProcedures = {
  connectNumOfSecrets: call(
    139,
    {
      api: "virConnectNumOfSecrets",
      acl: ["connect:search_secrets"],
      aclFilter: ["secret:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { num: int32 } },
  ),
  connectListSecrets: call(
    140,
    {
      api: "virConnectListSecrets",
      acl: ["connect:search_secrets"],
      aclFilter: ["secret:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { maxuuids: int32 }, ret: { uuids: array(text, LIMIT.secretList) } },
  ),
  secretLookupByUuid: call(
    141,
    {
      api: "virSecretLookupByUUID",
      acl: ["secret:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { uuid }, ret: { secret } },
  ),
  secretDefineXml: call(
    142,
    { api: "virSecretDefineXML", acl: ["secret:write", "secret:save"], priority: "high" },
    { args: { xml: text, flags: uint32 }, ret: { secret } },
  ),
  secretGetXmlDesc: call(
    143,
    { api: "virSecretGetXMLDesc", acl: ["secret:read"], readOnly: "allowed", priority: "high" },
    { args: { secret, flags: uint32 }, ret: { xml: text } },
  ),
  secretSetValue: call(
    144,
    { api: "virSecretSetValue", acl: ["secret:write"], priority: "high" },
    { args: { secret, value: opaque(LIMIT.secretValue), flags: uint32 } },
  ),
  secretGetValue: call(
    145,
    { api: "virSecretGetValue", acl: ["secret:read_secure"], priority: "high" },
    { args: { secret, flags: uint32 }, ret: { value: opaque(LIMIT.secretValue) } },
  ),
  secretUndefine: call(
    146,
    { api: "virSecretUndefine", acl: ["secret:delete"], priority: "high" },
    { args: { secret } },
  ),
  secretLookupByUsage: call(
    147,
    {
      api: "virSecretLookupByUsage",
      acl: ["secret:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { usageType: int32, usageID: text }, ret: { secret } },
  ),
  connectListAllSecrets: call(
    287,
    {
      api: "virConnectListAllSecrets",
      acl: ["connect:search_secrets"],
      aclFilter: ["secret:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { need_results: int32, flags: uint32 },
      ret: { secrets: array(secret, LIMIT.secretList), ret: uint32 },
    },
  ),
  secretEventLifecycle: event(382, { callbackID: int32, secret, event: int32, detail: int32 }),
  secretEventValueChanged: event(383, { callbackID: int32, secret }),
};
