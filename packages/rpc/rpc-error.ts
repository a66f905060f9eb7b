/** Errors the protocol layer itself reports, in the words and numbers of libvirtd. */
import type { remoteError } from "./program/remote/type.ts";
import type { ValueOf } from "./xdr/xdr-type.ts";

const ERR_RPC = 39;
const FROM_RPC = 7;
const LEVEL_ERROR = 2;

/** A refusal by the protocol layer: libvirt error code 39, domain 7. */
export class RpcProtocolError extends Error {
  override readonly name = "RpcProtocolError";
}

/** Its struct on the wire. */
export const protocolErrorBody = ({ message }: RpcProtocolError): ValueOf<typeof remoteError> => ({
  code: ERR_RPC,
  domain: FROM_RPC,
  message,
  level: LEVEL_ERROR,
  dom: null,
  str1: "%s",
  str2: message,
  str3: null,
  int1: -1,
  int2: -1,
  net: null,
});
