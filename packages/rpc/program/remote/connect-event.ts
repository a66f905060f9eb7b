/** Registering for events, of every kind of object. */
import { int32 } from "../../xdr/scalar.ts";
import { call, event } from "../procedure.ts";
import { maybeDomain, maybeNetwork, maybeSecret, maybeStoragePool } from "./type.ts";

/** Procedures of program "remote". */
export const connectEventProcedures = {
  connectDomainEventRegister: call(
    105,
    {
      api: "virConnectDomainEventRegister",
      acl: ["connect:search_domains"],
      aclFilter: ["domain:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { cb_registered: int32 } },
  ),
  connectDomainEventDeregister: call(
    106,
    {
      api: "virConnectDomainEventDeregister",
      acl: ["connect:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { cb_registered: int32 } },
  ),
  connectDomainEventRegisterAny: call(
    167,
    {
      api: "virConnectDomainEventRegisterAny",
      acl: ["connect:search_domains"],
      aclFilter: ["domain:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { eventID: int32 } },
  ),
  connectDomainEventDeregisterAny: call(
    168,
    {
      api: "virConnectDomainEventDeregisterAny",
      acl: ["connect:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { eventID: int32 } },
  ),
  connectNetworkEventRegisterAny: call(
    313,
    {
      api: "virConnectNetworkEventRegisterAny",
      acl: ["connect:search_networks"],
      aclFilter: ["network:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { eventID: int32, net: maybeNetwork }, ret: { callbackID: int32 } },
  ),
  connectNetworkEventDeregisterAny: call(
    314,
    {
      api: "virConnectNetworkEventDeregisterAny",
      acl: ["connect:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { callbackID: int32 } },
  ),
  connectDomainEventCallbackRegisterAny: call(
    316,
    {
      acl: ["connect:search_domains"],
      aclFilter: ["domain:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { eventID: int32, dom: maybeDomain }, ret: { callbackID: int32 } },
  ),
  connectDomainEventCallbackDeregisterAny: call(
    317,
    { acl: ["connect:read"], readOnly: "allowed", priority: "high" },
    { args: { callbackID: int32 } },
  ),
  connectRegisterCloseCallback: call(360, {
    api: "virConnectRegisterCloseCallback",
    acl: ["connect:getattr"],
    readOnly: "allowed",
    priority: "high",
  }),
  connectUnregisterCloseCallback: call(361, {
    api: "virConnectUnregisterCloseCallback",
    acl: ["connect:getattr"],
    readOnly: "allowed",
    priority: "high",
  }),
  connectEventConnectionClosed: event(362, { reason: int32 }),
  connectStoragePoolEventRegisterAny: call(
    368,
    {
      api: "virConnectStoragePoolEventRegisterAny",
      acl: ["connect:search_storage_pools"],
      aclFilter: ["storage_pool:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { eventID: int32, pool: maybeStoragePool }, ret: { callbackID: int32 } },
  ),
  connectStoragePoolEventDeregisterAny: call(
    369,
    {
      api: "virConnectStoragePoolEventDeregisterAny",
      acl: ["connect:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { callbackID: int32 } },
  ),
  connectSecretEventRegisterAny: call(
    380,
    {
      api: "virConnectSecretEventRegisterAny",
      acl: ["connect:search_secrets"],
      aclFilter: ["secret:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { eventID: int32, secret: maybeSecret }, ret: { callbackID: int32 } },
  ),
  connectSecretEventDeregisterAny: call(
    381,
    {
      api: "virConnectSecretEventDeregisterAny",
      acl: ["connect:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { callbackID: int32 } },
  ),
};
