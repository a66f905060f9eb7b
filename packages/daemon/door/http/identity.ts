/** Who sends a request, as far as it can be proven. */
import type { FastifyRequest } from "fastify";
import { virError } from "@vireo/model/error";
import type { Caller } from "../../driver/contract.ts";
import { peerCredentials, socketFd } from "../../host/peer.ts";
import type { Credentials } from "../../driver/contract.ts";
import type { Sessions } from "./session.ts";

export const SESSION_COOKIE = "vireo-session";
export const CSRF_HEADER = "x-csrf-token";

const CHANGING = new Set(["POST", "PUT", "PATCH", "DELETE"]);

const unauthenticated = (why: string) => virError("authFailed", why);

/** The local socket is the owner's: its mode lets nobody else in, and the kernel names the peer. */
function localCaller(request: FastifyRequest): Caller {
  const fd = socketFd(request.raw.socket);
  const { uid, pid } = fd === undefined ? {} : peerCredentials(fd);
  return { name: `uid:${uid ?? "unknown"}`, uid, pid, readOnly: false, door: "http" };
}

const bearer = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer (\S{1,200})$/i.exec(headers.authorization ?? "")?.[1];

export interface Identity {
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  /** Whether the request came in through the local socket. */
  readonly isLocal: boolean;
}

/**
 * @throws VireoError `authFailed` when nobody vouches for the request; `operationDenied` when a
 * browser's session lacks the proof that its own page asks
 */
export async function callerOf(
  request: FastifyRequest,
  { credentials, sessions, isLocal }: Identity,
): Promise<Caller> {
  if (isLocal) return localCaller(request);
  const token = bearer(request);
  if (token !== undefined) {
    const holder = credentials.holderOf(token);
    if (holder === undefined) throw unauthenticated("the token is unknown, revoked or out of date");
    return { ...holder, door: "http" };
  }
  const session = sessions.find(request.cookies[SESSION_COOKIE]);
  if (session === undefined)
    throw unauthenticated("sign in, or send a token as 'Authorization: Bearer'");
  if (CHANGING.has(request.method) && request.headers[CSRF_HEADER] !== session.csrf)
    throw virError("operationDenied", `a browser's request needs the header ${CSRF_HEADER}`);
  return { name: session.user, readOnly: session.readOnly, door: "http" };
}
