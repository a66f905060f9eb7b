/** Domain snapshots. */
import { int32, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, domainSnapshot, text } from "./type.ts";

/** Procedures of program "remote". */
export const domainSnapshotProcedures = {
  domainSnapshotCreateXml: call(
    185,
    {
      api: "virDomainSnapshotCreateXML",
      acl: ["domain:snapshot", "domain:fs_freeze:VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE"],
    },
    { args: { dom: domain, xml_desc: text, flags: uint32 }, ret: { snap: domainSnapshot } },
  ),
  domainSnapshotGetXmlDesc: call(
    186,
    {
      api: "virDomainSnapshotGetXMLDesc",
      acl: ["domain:read", "domain:read_secure:VIR_DOMAIN_SNAPSHOT_XML_SECURE"],
      readOnly: { field: "flags", bits: 1 },
      priority: "high",
    },
    { args: { snap: domainSnapshot, flags: uint32 }, ret: { xml: text } },
  ),
  domainSnapshotNum: call(
    187,
    { api: "virDomainSnapshotNum", acl: ["domain:read"], readOnly: "allowed", priority: "high" },
    { args: { dom: domain, flags: uint32 }, ret: { num: int32 } },
  ),
  domainSnapshotListNames: call(
    188,
    {
      api: "virDomainSnapshotListNames",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { dom: domain, maxnames: int32, flags: uint32 },
      ret: { names: array(text, LIMIT.domainSnapshotList) },
    },
  ),
  domainSnapshotLookupByName: call(
    189,
    {
      api: "virDomainSnapshotLookupByName",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { dom: domain, name: text, flags: uint32 }, ret: { snap: domainSnapshot } },
  ),
  domainHasCurrentSnapshot: call(
    190,
    { api: "virDomainHasCurrentSnapshot", acl: ["domain:read"], readOnly: "allowed" },
    { args: { dom: domain, flags: uint32 }, ret: { result: int32 } },
  ),
  domainSnapshotCurrent: call(
    191,
    { api: "virDomainSnapshotCurrent", acl: ["domain:read"], readOnly: "allowed" },
    { args: { dom: domain, flags: uint32 }, ret: { snap: domainSnapshot } },
  ),
  domainRevertToSnapshot: call(
    192,
    { api: "virDomainRevertToSnapshot", acl: ["domain:snapshot"] },
    { args: { snap: domainSnapshot, flags: uint32 } },
  ),
  domainSnapshotDelete: call(
    193,
    { api: "virDomainSnapshotDelete", acl: ["domain:snapshot"] },
    { args: { snap: domainSnapshot, flags: uint32 } },
  ),
  domainSnapshotGetParent: call(
    244,
    {
      api: "virDomainSnapshotGetParent",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { snap: domainSnapshot, flags: uint32 }, ret: { snap: domainSnapshot } },
  ),
  domainSnapshotNumChildren: call(
    246,
    {
      api: "virDomainSnapshotNumChildren",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { snap: domainSnapshot, flags: uint32 }, ret: { num: int32 } },
  ),
  domainSnapshotListChildrenNames: call(
    247,
    {
      api: "virDomainSnapshotListChildrenNames",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { snap: domainSnapshot, maxnames: int32, flags: uint32 },
      ret: { names: array(text, LIMIT.domainSnapshotList) },
    },
  ),
  domainSnapshotIsCurrent: call(
    271,
    { api: "virDomainSnapshotIsCurrent", acl: ["domain:read"], readOnly: "allowed" },
    { args: { snap: domainSnapshot, flags: uint32 }, ret: { current: int32 } },
  ),
  domainSnapshotHasMetadata: call(
    272,
    { api: "virDomainSnapshotHasMetadata", acl: ["domain:read"], readOnly: "allowed" },
    { args: { snap: domainSnapshot, flags: uint32 }, ret: { metadata: int32 } },
  ),
  domainListAllSnapshots: call(
    274,
    {
      api: "virDomainListAllSnapshots",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { dom: domain, need_results: int32, flags: uint32 },
      ret: { snapshots: array(domainSnapshot, LIMIT.domainSnapshotList), ret: int32 },
    },
  ),
  domainSnapshotListAllChildren: call(
    275,
    {
      api: "virDomainSnapshotListAllChildren",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { snapshot: domainSnapshot, need_results: int32, flags: uint32 },
      ret: { snapshots: array(domainSnapshot, LIMIT.domainSnapshotList), ret: int32 },
    },
  ),
};
