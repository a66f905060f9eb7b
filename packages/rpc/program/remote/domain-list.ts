/** Lists of domains, and what is asked about all of them. */
import { int32, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, domainStatsRecord, text } from "./type.ts";

/** Procedures of program "remote". */
export const domainListProcedures = {
  connectListDefinedDomains: call(
    21,
    {
      api: "virConnectListDefinedDomains",
      acl: ["connect:search_domains"],
      aclFilter: ["domain:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { maxnames: int32 }, ret: { names: array(text, LIMIT.domainList) } },
  ),
  connectNumOfDefinedDomains: call(
    25,
    {
      api: "virConnectNumOfDefinedDomains",
      acl: ["connect:search_domains"],
      aclFilter: ["domain:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { num: int32 } },
  ),
  connectListDomains: call(
    37,
    {
      api: "virConnectListDomains",
      acl: ["connect:search_domains"],
      aclFilter: ["domain:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { maxids: int32 }, ret: { ids: array(int32, LIMIT.domainList) } },
  ),
  connectNumOfDomains: call(
    51,
    {
      api: "virConnectNumOfDomains",
      acl: ["connect:search_domains"],
      aclFilter: ["domain:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    { ret: { num: int32 } },
  ),
  connectDomainXmlFromNative: call(
    135,
    { api: "virConnectDomainXMLFromNative", acl: ["connect:write"] },
    { args: { nativeFormat: text, nativeConfig: text, flags: uint32 }, ret: { domainXml: text } },
  ),
  connectDomainXmlToNative: call(
    136,
    { api: "virConnectDomainXMLToNative", acl: ["connect:write"] },
    { args: { nativeFormat: text, domainXml: text, flags: uint32 }, ret: { nativeConfig: text } },
  ),
  connectListAllDomains: call(
    273,
    {
      api: "virConnectListAllDomains",
      acl: ["connect:search_domains"],
      aclFilter: ["domain:getattr"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { need_results: int32, flags: uint32 },
      ret: { domains: array(domain, LIMIT.domainList), ret: uint32 },
    },
  ),
  connectGetAllDomainStats: call(
    344,
    {
      api: "virConnectGetAllDomainStats",
      acl: ["connect:search_domains"],
      aclFilter: ["domain:read"],
      readOnly: "allowed",
    },
    {
      args: { doms: array(domain, LIMIT.domainList), stats: uint32, flags: uint32 },
      ret: { retStats: array(domainStatsRecord, LIMIT.domainList) },
    },
  ),
};
