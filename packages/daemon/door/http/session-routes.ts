/** `/v1/session`: sign in, who am I, sign out. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { virError } from "@vireo/model/error";
import { record, text } from "@vireo/model/operation/value";
import { callerOf, SESSION_COOKIE, type Identity } from "./identity.ts";
import type { Session } from "./session.ts";

const signIn = record({ user: text, password: text });

const shown = ({ user, readOnly, csrf, expiresAt }: Session) => ({
  user,
  readOnly,
  csrf,
  expiresAt: new Date(expiresAt).toISOString(),
});

export interface SessionServices {
  readonly identityOf: (request: FastifyRequest) => Identity;
  /** Whether cookies may travel in clear text. */
  readonly isEncrypted: (request: FastifyRequest) => boolean;
}

/** Guesses of a password per minute and address. */
const GUESSES = { rateLimit: { max: 10, timeWindow: 60_000 } };

export function sessionRoutes(
  server: FastifyInstance,
  { identityOf, isEncrypted }: SessionServices,
): void {
  server.post("/v1/session", { config: GUESSES }, async (request, reply) => {
    const { user, password } = signIn.check(request.body, "session");
    const { credentials, sessions } = identityOf(request);
    const holder = await credentials.signIn(user, password);
    if (holder === undefined) throw virError("authFailed", "user or password is wrong");
    const session = sessions.open({ user: holder.name, readOnly: holder.readOnly });
    return reply
      .code(201)
      .setCookie(SESSION_COOKIE, session.id, {
        path: "/",
        httpOnly: true,
        sameSite: "strict",
        secure: isEncrypted(request),
        expires: new Date(session.expiresAt),
      })
      .send(shown(session));
  });

  server.get("/v1/session", async (request) => {
    const identity = identityOf(request);
    const { name, readOnly } = await callerOf(request, identity);
    const session = identity.sessions.find(request.cookies[SESSION_COOKIE]);
    return session === undefined ? { user: name, readOnly } : shown(session);
  });

  server.delete("/v1/session", async (request, reply) => {
    const identity = identityOf(request);
    await callerOf(request, identity);
    identity.sessions.end(request.cookies[SESSION_COOKIE] ?? "");
    return reply.code(204).clearCookie(SESSION_COOKIE, { path: "/" }).send();
  });
}
