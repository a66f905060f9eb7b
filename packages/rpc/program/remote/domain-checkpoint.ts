/** Domain checkpoints and backups. */
import { int32, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, domainCheckpoint, maybeText, text } from "./type.ts";

/** Procedures of program "remote". */
export const domainCheckpointProcedures = {
  domainCheckpointCreateXml: call(
    411,
    {
      api: "virDomainCheckpointCreateXML",
      acl: ["domain:checkpoint", "domain:fs_freeze:VIR_DOMAIN_CHECKPOINT_CREATE_QUIESCE"],
    },
    { args: { dom: domain, xml_desc: text, flags: uint32 }, ret: { checkpoint: domainCheckpoint } },
  ),
  domainCheckpointGetXmlDesc: call(
    412,
    {
      api: "virDomainCheckpointGetXMLDesc",
      acl: ["domain:read", "domain:read_secure:VIR_DOMAIN_CHECKPOINT_XML_SECURE"],
      readOnly: { field: "flags", bits: 1 },
    },
    { args: { checkpoint: domainCheckpoint, flags: uint32 }, ret: { xml: text } },
  ),
  domainListAllCheckpoints: call(
    413,
    {
      api: "virDomainListAllCheckpoints",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { dom: domain, need_results: int32, flags: uint32 },
      ret: { checkpoints: array(domainCheckpoint, LIMIT.domainCheckpointList), ret: int32 },
    },
  ),
  domainCheckpointListAllChildren: call(
    414,
    {
      api: "virDomainCheckpointListAllChildren",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    {
      args: { checkpoint: domainCheckpoint, need_results: int32, flags: uint32 },
      ret: { checkpoints: array(domainCheckpoint, LIMIT.domainCheckpointList), ret: int32 },
    },
  ),
  domainCheckpointLookupByName: call(
    415,
    {
      api: "virDomainCheckpointLookupByName",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { dom: domain, name: text, flags: uint32 }, ret: { checkpoint: domainCheckpoint } },
  ),
  domainCheckpointGetParent: call(
    416,
    {
      api: "virDomainCheckpointGetParent",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { checkpoint: domainCheckpoint, flags: uint32 }, ret: { parent: domainCheckpoint } },
  ),
  domainCheckpointDelete: call(
    417,
    { api: "virDomainCheckpointDelete", acl: ["domain:checkpoint"] },
    { args: { checkpoint: domainCheckpoint, flags: uint32 } },
  ),
  domainBackupBegin: call(
    421,
    { api: "virDomainBackupBegin", acl: ["domain:checkpoint", "domain:block_write"] },
    { args: { dom: domain, backup_xml: text, checkpoint_xml: maybeText, flags: uint32 } },
  ),
  domainBackupGetXmlDesc: call(
    422,
    {
      api: "virDomainBackupGetXMLDesc",
      acl: ["domain:read"],
      readOnly: "allowed",
      priority: "high",
    },
    { args: { dom: domain, flags: uint32 }, ret: { xml: text } },
  ),
};
