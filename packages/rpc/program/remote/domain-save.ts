/** Saving, restoring and dumping domains. */
import { int32, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, maybeText, text, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const domainSaveProcedures = {
  domainCoreDump: call(
    53,
    { api: "virDomainCoreDump", acl: ["domain:core_dump"] },
    { args: { dom: domain, to: text, flags: uint32 } },
  ),
  domainRestore: call(
    54,
    { api: "virDomainRestore", acl: ["domain:start", "domain:write"] },
    { args: { from: text } },
  ),
  domainSave: call(
    55,
    { api: "virDomainSave", acl: ["domain:hibernate"] },
    { args: { dom: domain, to: text } },
  ),
  domainManagedSave: call(
    182,
    { api: "virDomainManagedSave", acl: ["domain:hibernate"] },
    { args: { dom: domain, flags: uint32 } },
  ),
  domainHasManagedSaveImage: call(
    183,
    { api: "virDomainHasManagedSaveImage", acl: ["domain:read"], readOnly: "allowed" },
    { args: { dom: domain, flags: uint32 }, ret: { result: int32 } },
  ),
  domainManagedSaveRemove: call(
    184,
    { api: "virDomainManagedSaveRemove", acl: ["domain:hibernate"] },
    { args: { dom: domain, flags: uint32 } },
  ),
  domainSaveFlags: call(
    232,
    { api: "virDomainSaveFlags", acl: ["domain:hibernate"] },
    { args: { dom: domain, to: text, dxml: maybeText, flags: uint32 } },
  ),
  domainRestoreFlags: call(
    233,
    { api: "virDomainRestoreFlags", acl: ["domain:start", "domain:write"] },
    { args: { from: text, dxml: maybeText, flags: uint32 } },
  ),
  domainSaveImageGetXmlDesc: call(
    235,
    { api: "virDomainSaveImageGetXMLDesc", acl: ["domain:write"], priority: "high" },
    { args: { file: text, flags: uint32 }, ret: { xml: text } },
  ),
  domainSaveImageDefineXml: call(
    236,
    {
      api: "virDomainSaveImageDefineXML",
      acl: ["domain:write", "domain:hibernate"],
      priority: "high",
    },
    { args: { file: text, dxml: text, flags: uint32 } },
  ),
  domainCoreDumpWithFormat: call(
    334,
    { api: "virDomainCoreDumpWithFormat", acl: ["domain:core_dump"] },
    { args: { dom: domain, to: text, dumpformat: uint32, flags: uint32 } },
  ),
  domainManagedSaveGetXmlDesc: call(
    388,
    {
      api: "virDomainManagedSaveGetXMLDesc",
      acl: ["domain:read", "domain:read_secure:VIR_DOMAIN_SAVE_IMAGE_XML_SECURE"],
      readOnly: { field: "flags", bits: 1 },
    },
    { args: { dom: domain, flags: uint32 }, ret: { xml: text } },
  ),
  domainManagedSaveDefineXml: call(
    389,
    { api: "virDomainManagedSaveDefineXML", acl: ["domain:write", "domain:hibernate"] },
    { args: { dom: domain, dxml: maybeText, flags: uint32 } },
  ),
  domainSaveParams: call(
    440,
    { api: "virDomainSaveParams", acl: ["domain:hibernate"] },
    { args: { dom: domain, params: array(typedParam, LIMIT.domainSaveParams), flags: uint32 } },
  ),
  domainRestoreParams: call(
    441,
    { api: "virDomainRestoreParams", acl: ["domain:start", "domain:write"] },
    { args: { params: array(typedParam, LIMIT.domainSaveParams), flags: uint32 } },
  ),
};
