/** Jobs of domains. */
import { int32, uhyper, uint32 } from "../../xdr/scalar.ts";
import { array } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { domain, typedParam } from "./type.ts";

/** Procedures of program "remote". */
export const domainJobProcedures = {
  domainGetJobInfo: call(
    163,
    { api: "virDomainGetJobInfo", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain },
      ret: {
        type: int32,
        timeElapsed: uhyper,
        timeRemaining: uhyper,
        dataTotal: uhyper,
        dataProcessed: uhyper,
        dataRemaining: uhyper,
        memTotal: uhyper,
        memProcessed: uhyper,
        memRemaining: uhyper,
        fileTotal: uhyper,
        fileProcessed: uhyper,
        fileRemaining: uhyper,
      },
    },
  ),
  domainAbortJob: call(
    164,
    { api: "virDomainAbortJob", acl: ["domain:write"] },
    { args: { dom: domain } },
  ),
  domainGetJobStats: call(
    298,
    { api: "virDomainGetJobStats", acl: ["domain:read"], readOnly: "allowed" },
    {
      args: { dom: domain, flags: uint32 },
      ret: { type: int32, params: array(typedParam, LIMIT.domainJobStats) },
    },
  ),
  domainAbortJobFlags: call(
    442,
    { api: "virDomainAbortJobFlags", acl: ["domain:write"] },
    { args: { dom: domain, flags: uint32 } },
  ),
};
