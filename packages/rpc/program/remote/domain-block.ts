/** Block devices of domains: statistics, sizes, block jobs. */
import { hyper, int32, uhyper, uint32 } from "../../xdr/scalar.ts";
import { array, opaque } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, domainDiskError, maybeText, text, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const domainBlockProcedures = {
  domainBlockStats: call(
    64,
    { api: "virDomainBlockStats", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, path: text },
      ret: { rd_req: hyper, rd_bytes: hyper, wr_req: hyper, wr_bytes: hyper, errs: hyper },
    },
  ),
  domainBlockPeek: call(
    103,
    { api: "virDomainBlockPeek", acl: ["domain:block_read"] },
    {
      args: { dom: domain, path: text, offset: uhyper, size: uint32, flags: uint32 },
      ret: { buffer: opaque(LIMIT.domainBlockPeekBuffer) },
    },
  ),
  domainGetBlockInfo: call(
    194,
    { api: "virDomainGetBlockInfo", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, path: text, flags: uint32 },
      ret: { allocation: uhyper, capacity: uhyper, physical: uhyper },
    },
  ),
  domainBlockJobAbort: call(
    237,
    { api: "virDomainBlockJobAbort", acl: ["domain:write"] },
    { args: { dom: domain, path: text, flags: uint32 } },
  ),
  domainGetBlockJobInfo: call(
    238,
    { api: "virDomainGetBlockJobInfo", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, path: text, flags: uint32 },
      ret: { found: int32, type: int32, bandwidth: uhyper, cur: uhyper, end: uhyper },
    },
  ),
  domainBlockJobSetSpeed: call(
    239,
    { api: "virDomainBlockJobSetSpeed", acl: ["domain:write"] },
    { args: { dom: domain, path: text, bandwidth: uhyper, flags: uint32 } },
  ),
  domainBlockPull: call(
    240,
    { api: "virDomainBlockPull", acl: ["domain:block_write"] },
    { args: { dom: domain, path: text, bandwidth: uhyper, flags: uint32 } },
  ),
  domainBlockStatsFlags: call(
    243,
    { api: "virDomainBlockStatsFlags", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, path: text, nparams: int32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainBlockStatsParameters), nparams: int32 },
    },
  ),
  domainBlockResize: call(
    251,
    { api: "virDomainBlockResize", acl: ["domain:block_write"] },
    { args: { dom: domain, disk: text, size: uhyper, flags: uint32 } },
  ),
  domainSetBlockIoTune: call(
    252,
    {
      api: "virDomainSetBlockIoTune",
      acl: [
        "domain:write",
        "domain:save:!VIR_DOMAIN_AFFECT_CONFIG|VIR_DOMAIN_AFFECT_LIVE",
        "domain:save:VIR_DOMAIN_AFFECT_CONFIG",
      ],
    },
    {
      args: {
        dom: domain,
        disk: text,
        params: array(typedParam, LIMIT.domainBlockIoTuneParameters),
        flags: uint32,
      },
    },
  ),
  domainGetBlockIoTune: call(
    253,
    { api: "virDomainGetBlockIoTune", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, disk: maybeText, nparams: int32, flags: uint32 },
      ret: { params: array(typedParam, LIMIT.domainBlockIoTuneParameters), nparams: int32 },
    },
  ),
  domainGetDiskErrors: call(
    263,
    { api: "virDomainGetDiskErrors", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, maxerrors: uint32, flags: uint32 },
      ret: { errors: array(domainDiskError, LIMIT.domainDiskErrors), nerrors: int32 },
    },
  ),
  domainBlockRebase: call(
    266,
    { api: "virDomainBlockRebase", acl: ["domain:block_write"] },
    { args: { dom: domain, path: text, base: maybeText, bandwidth: uhyper, flags: uint32 } },
  ),
  domainBlockCommit: call(
    290,
    { api: "virDomainBlockCommit", acl: ["domain:block_write"] },
    {
      args: {
        dom: domain,
        disk: text,
        base: maybeText,
        top: maybeText,
        bandwidth: uhyper,
        flags: uint32,
      },
    },
  ),
  domainBlockCopy: call(
    345,
    { api: "virDomainBlockCopy", acl: ["domain:block_write"] },
    {
      args: {
        dom: domain,
        path: text,
        destxml: text,
        params: array(typedParam, LIMIT.domainBlockCopyParameters),
        flags: uint32,
      },
    },
  ),
  domainSetBlockThreshold: call(
    386,
    { api: "virDomainSetBlockThreshold", acl: ["domain:write"] },
    { args: { dom: domain, dev: text, threshold: uhyper, flags: uint32 } },
  ),
};
