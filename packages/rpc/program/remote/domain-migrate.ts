/** Migration of domains. */
import { int32, uhyper, uint32 } from "../../xdr/scalar.ts";
import { array, opaque } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, maybeText, text, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const domainMigrateProcedures = {
  domainMigratePrepare: call(
    61,
    { acl: ["domain:migrate", "domain:start", "domain:write"] },
    {
      args: { uri_in: maybeText, flags: uhyper, dname: maybeText, resource: uhyper },
      ret: { cookie: opaque(LIMIT.migrateCookie), uri_out: maybeText },
    },
  ),
  domainMigratePerform: call(
    62,
    { acl: ["domain:migrate"] },
    {
      args: {
        dom: domain,
        cookie: opaque(LIMIT.migrateCookie),
        uri: text,
        flags: uhyper,
        dname: maybeText,
        resource: uhyper,
      },
    },
  ),
  domainMigrateFinish: call(
    63,
    { acl: ["domain:migrate"] },
    {
      args: { dname: text, cookie: opaque(LIMIT.migrateCookie), uri: text, flags: uhyper },
      ret: { ddom: domain },
    },
  ),
  domainMigratePrepare2: call(
    108,
    { acl: ["domain:migrate", "domain:start", "domain:write"] },
    {
      args: { uri_in: maybeText, flags: uhyper, dname: maybeText, resource: uhyper, dom_xml: text },
      ret: { cookie: opaque(LIMIT.migrateCookie), uri_out: maybeText },
    },
  ),
  domainMigrateFinish2: call(
    109,
    { acl: ["domain:migrate"] },
    {
      args: {
        dname: text,
        cookie: opaque(LIMIT.migrateCookie),
        uri: text,
        flags: uhyper,
        retcode: int32,
      },
      ret: { ddom: domain },
    },
  ),
  domainMigratePrepareTunnel: call(
    148,
    { acl: ["domain:migrate", "domain:start", "domain:write"], stream: "upload" },
    { args: { flags: uhyper, dname: maybeText, resource: uhyper, dom_xml: text } },
  ),
  domainMigrateSetMaxDowntime: call(
    166,
    { api: "virDomainMigrateSetMaxDowntime", acl: ["domain:migrate"] },
    { args: { dom: domain, downtime: uhyper, flags: uint32 } },
  ),
  domainMigrateSetMaxSpeed: call(
    207,
    { api: "virDomainMigrateSetMaxSpeed", acl: ["domain:migrate"] },
    { args: { dom: domain, bandwidth: uhyper, flags: uint32 } },
  ),
  domainMigrateBegin3: call(
    213,
    { acl: ["domain:migrate"] },
    {
      args: { dom: domain, xmlin: maybeText, flags: uhyper, dname: maybeText, resource: uhyper },
      ret: { cookie_out: opaque(LIMIT.migrateCookie), xml: text },
    },
  ),
  domainMigratePrepare3: call(
    214,
    { acl: ["domain:migrate", "domain:start", "domain:write"] },
    {
      args: {
        cookie_in: opaque(LIMIT.migrateCookie),
        uri_in: maybeText,
        flags: uhyper,
        dname: maybeText,
        resource: uhyper,
        dom_xml: text,
      },
      ret: { cookie_out: opaque(LIMIT.migrateCookie), uri_out: maybeText },
    },
  ),
  domainMigratePrepareTunnel3: call(
    215,
    { acl: ["domain:migrate", "domain:start", "domain:write"], stream: "upload" },
    {
      args: {
        cookie_in: opaque(LIMIT.migrateCookie),
        flags: uhyper,
        dname: maybeText,
        resource: uhyper,
        dom_xml: text,
      },
      ret: { cookie_out: opaque(LIMIT.migrateCookie) },
    },
  ),
  domainMigratePerform3: call(
    216,
    { acl: ["domain:migrate"] },
    {
      args: {
        dom: domain,
        xmlin: maybeText,
        cookie_in: opaque(LIMIT.migrateCookie),
        dconnuri: maybeText,
        uri: maybeText,
        flags: uhyper,
        dname: maybeText,
        resource: uhyper,
      },
      ret: { cookie_out: opaque(LIMIT.migrateCookie) },
    },
  ),
  domainMigrateFinish3: call(
    217,
    { acl: ["domain:migrate"] },
    {
      args: {
        dname: text,
        cookie_in: opaque(LIMIT.migrateCookie),
        dconnuri: maybeText,
        uri: maybeText,
        flags: uhyper,
        cancelled: int32,
      },
      ret: { dom: domain, cookie_out: opaque(LIMIT.migrateCookie) },
    },
  ),
  domainMigrateConfirm3: call(
    218,
    { acl: ["domain:migrate"] },
    {
      args: {
        dom: domain,
        cookie_in: opaque(LIMIT.migrateCookie),
        flags: uhyper,
        cancelled: int32,
      },
    },
  ),
  domainMigrateGetMaxSpeed: call(
    242,
    { api: "virDomainMigrateGetMaxSpeed", acl: ["domain:migrate"] },
    { args: { dom: domain, flags: uint32 }, ret: { bandwidth: uhyper } },
  ),
  domainMigrateGetCompressionCache: call(
    299,
    { api: "virDomainMigrateGetCompressionCache", acl: ["domain:migrate"], readOnly: "allowed" },
    { args: { dom: domain, flags: uint32 }, ret: { cacheSize: uhyper } },
  ),
  domainMigrateSetCompressionCache: call(
    300,
    { api: "virDomainMigrateSetCompressionCache", acl: ["domain:migrate"] },
    { args: { dom: domain, cacheSize: uhyper, flags: uint32 } },
  ),
  domainMigrateBegin3Params: call(
    302,
    { acl: ["domain:migrate"] },
    {
      args: { dom: domain, params: array(typedParam, LIMIT.domainMigrateParamList), flags: uint32 },
      ret: { cookie_out: opaque(LIMIT.migrateCookie), xml: text },
    },
  ),
  domainMigratePrepare3Params: call(
    303,
    { acl: ["domain:migrate", "domain:start", "domain:write"] },
    {
      args: {
        params: array(typedParam, LIMIT.domainMigrateParamList),
        cookie_in: opaque(LIMIT.migrateCookie),
        flags: uint32,
      },
      ret: { cookie_out: opaque(LIMIT.migrateCookie), uri_out: maybeText },
    },
  ),
  domainMigratePrepareTunnel3Params: call(
    304,
    { acl: ["domain:migrate", "domain:start", "domain:write"] },
    {
      args: {
        params: array(typedParam, LIMIT.domainMigrateParamList),
        cookie_in: opaque(LIMIT.migrateCookie),
        flags: uint32,
      },
      ret: { cookie_out: opaque(LIMIT.migrateCookie) },
    },
  ),
  domainMigratePerform3Params: call(
    305,
    { acl: ["domain:migrate"] },
    {
      args: {
        dom: domain,
        dconnuri: maybeText,
        params: array(typedParam, LIMIT.domainMigrateParamList),
        cookie_in: opaque(LIMIT.migrateCookie),
        flags: uint32,
      },
      ret: { cookie_out: opaque(LIMIT.migrateCookie) },
    },
  ),
  domainMigrateFinish3Params: call(
    306,
    { acl: ["domain:migrate"] },
    {
      args: {
        params: array(typedParam, LIMIT.domainMigrateParamList),
        cookie_in: opaque(LIMIT.migrateCookie),
        flags: uint32,
        cancelled: int32,
      },
      ret: { dom: domain, cookie_out: opaque(LIMIT.migrateCookie) },
    },
  ),
  domainMigrateConfirm3Params: call(
    307,
    { acl: ["domain:migrate"] },
    {
      args: {
        dom: domain,
        params: array(typedParam, LIMIT.domainMigrateParamList),
        cookie_in: opaque(LIMIT.migrateCookie),
        flags: uint32,
        cancelled: int32,
      },
    },
  ),
  domainMigrateStartPostCopy: call(
    364,
    { api: "virDomainMigrateStartPostCopy", acl: ["domain:migrate"] },
    { args: { dom: domain, flags: uint32 } },
  ),
  domainMigrateGetMaxDowntime: call(
    387,
    { api: "virDomainMigrateGetMaxDowntime", acl: ["domain:migrate"], readOnly: "allowed" },
    { args: { dom: domain, flags: uint32 }, ret: { downtime: uhyper } },
  ),
};
