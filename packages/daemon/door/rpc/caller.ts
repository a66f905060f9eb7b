/** Who is at the other end of an RPC session. */
import type { Caller } from "../../driver/contract.ts";
import type { DoorSession } from "./door-session.ts";

/** The kernel's word on the peer; a read-only socket makes every caller read-only. */
export function callerOf(session: DoorSession, { readOnly }: { readOnly: boolean }): Caller {
  const { uid, pid } = session.peer;
  return {
    name: uid === undefined ? "unknown" : `uid:${uid}`,
    uid,
    pid,
    readOnly: readOnly || session.kind === "ro",
    door: "rpc",
  };
}
