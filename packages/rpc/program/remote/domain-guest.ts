/** What the guest agent knows and does. */
import { hyper, int32, uhyper, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, domainFsinfo, domainInterface, maybeText, text, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const domainGuestProcedures = {
  domainGetHostname: call(
    277,
    { api: "virDomainGetHostname", acl: ["domain:write"] },
    { args: { dom: domain, flags: uint32 }, ret: { hostname: text } },
  ),
  domainFstrim: call(
    294,
    { api: "virDomainFSTrim", acl: ["domain:fs_trim"] },
    { args: { dom: domain, mountPoint: maybeText, minimum: uhyper, flags: uint32 } },
  ),
  domainFsfreeze: call(
    335,
    { api: "virDomainFSFreeze", acl: ["domain:fs_freeze"] },
    {
      args: {
        dom: domain,
        mountpoints: array(text, LIMIT.domainFsfreezeMountpoints),
        flags: uint32,
      },
      ret: { filesystems: int32 },
    },
  ),
  domainFsthaw: call(
    336,
    { api: "virDomainFSThaw", acl: ["domain:fs_freeze"] },
    {
      args: {
        dom: domain,
        mountpoints: array(text, LIMIT.domainFsfreezeMountpoints),
        flags: uint32,
      },
      ret: { filesystems: int32 },
    },
  ),
  domainGetTime: call(
    337,
    { api: "virDomainGetTime", acl: ["domain:write"] },
    { args: { dom: domain, flags: uint32 }, ret: { seconds: hyper, nseconds: uint32 } },
  ),
  domainSetTime: call(
    338,
    { api: "virDomainSetTime", acl: ["domain:set_time"] },
    { args: { dom: domain, seconds: hyper, nseconds: uint32, flags: uint32 } },
  ),
  domainGetFsinfo: call(
    349,
    { api: "virDomainGetFSInfo", acl: ["domain:fs_freeze"] },
    {
      args: { dom: domain, flags: uint32 },
      ret: { info: array(domainFsinfo, LIMIT.domainFsinfo), ret: uint32 },
    },
  ),
  domainInterfaceAddresses: call(
    353,
    {
      api: "virDomainInterfaceAddresses",
      acl: ["domain:read", "domain:write::source:VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT"],
      readOnly: { field: "source", equals: 1 },
    },
    {
      args: { dom: domain, source: uint32, flags: uint32 },
      ret: { ifaces: array(domainInterface, LIMIT.domainInterface) },
    },
  ),
  domainSetUserPassword: call(
    357,
    { api: "virDomainSetUserPassword", acl: ["domain:set_password"] },
    { args: { dom: domain, user: maybeText, password: maybeText, flags: uint32 } },
  ),
  domainGetGuestVcpus: call(
    371,
    { api: "virDomainGetGuestVcpus", acl: ["domain:write"] },
    {
      args: { dom: domain, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainGuestVcpuParams) },
    },
  ),
  domainSetGuestVcpus: call(
    372,
    { api: "virDomainSetGuestVcpus", acl: ["domain:write"] },
    { args: { dom: domain, cpumap: text, state: int32, flags: uint32 } },
  ),
  domainGetGuestInfo: call(
    418,
    { api: "virDomainGetGuestInfo", acl: ["domain:write"] },
    {
      args: { dom: domain, types: uint32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainGuestInfoParams) },
    },
  ),
  domainAgentSetResponseTimeout: call(
    420,
    { api: "virDomainAgentSetResponseTimeout", acl: ["domain:write"] },
    { args: { dom: domain, timeout: int32, flags: uint32 }, ret: { result: int32 } },
  ),
  domainAuthorizedSshKeysGet: call(
    424,
    { api: "virDomainAuthorizedSSHKeysGet", acl: ["domain:write"] },
    {
      args: { dom: domain, user: text, flags: uint32 },
      ret: { keys: array(text, LIMIT.domainAuthorizedSshKeys) },
    },
  ),
  domainAuthorizedSshKeysSet: call(
    425,
    { api: "virDomainAuthorizedSSHKeysSet", acl: ["domain:write"] },
    {
      args: {
        dom: domain,
        user: text,
        keys: array(text, LIMIT.domainAuthorizedSshKeys),
        flags: uint32,
      },
    },
  ),
};
