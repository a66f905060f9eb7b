/** Signing in: the only calls a client may make before it has authenticated. */
import { enumeration, int32 } from "../../xdr/scalar.ts";
import { array, chars } from "../../xdr/sequence.ts";
import { call } from "../procedure.ts";
import { LIMIT } from "./limit.ts";
import { text } from "./type.ts";

/** Procedures of program "remote". */
export const authProcedures = {
  authList: call(
    66,
    { readOnly: "allowed", priority: "high", beforeAuth: true },
    { ret: { types: array(enumeration, LIMIT.authTypeList) } },
  ),
  authSaslInit: call(
    67,
    { readOnly: "allowed", priority: "high", beforeAuth: true },
    { ret: { mechlist: text } },
  ),
  authSaslStart: call(
    68,
    { readOnly: "allowed", priority: "high", beforeAuth: true },
    {
      args: { mech: text, nil: int32, data: chars(LIMIT.authSaslData) },
      ret: { complete: int32, nil: int32, data: chars(LIMIT.authSaslData) },
    },
  ),
  authSaslStep: call(
    69,
    { readOnly: "allowed", priority: "high", beforeAuth: true },
    {
      args: { nil: int32, data: chars(LIMIT.authSaslData) },
      ret: { complete: int32, nil: int32, data: chars(LIMIT.authSaslData) },
    },
  ),
  authPolkit: call(
    70,
    { readOnly: "allowed", priority: "high", beforeAuth: true },
    { ret: { complete: int32 } },
  ),
};
