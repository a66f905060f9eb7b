/**
 * RPC procedures of authentication. Unix sockets carry the peer's identity from the kernel, and
 * their file mode says who may connect, so no further proof is asked.
 */
import { virError } from "@vireo/model/error";
import type { DoorHandlers } from "./door-session.ts";

const AUTH_NONE = 0;
const refuse = (): never => {
  throw virError("authFailed", "client asked for an authentication that is not offered", {
    from: 7,
  });
};

export const authHandlers: DoorHandlers = {
  authList: () => ({ types: [AUTH_NONE] }),
  authPolkit: refuse,
  authSaslInit: refuse,
  authSaslStart: refuse,
  authSaslStep: refuse,
};
