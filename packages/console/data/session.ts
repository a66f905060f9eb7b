/** Who is signed in, and the client that speaks for them. */
import { httpClient, type HttpClient } from "@vireo/sdk/http/client";
import { problemIn } from "@vireo/sdk/http/http-error";
import type { Address } from "@vireo/sdk/http/send";

export interface SignedIn {
  readonly user: string;
  readonly readOnly: boolean;
  readonly client: HttpClient;
}

interface SessionBody {
  readonly user: string;
  readonly readOnly: boolean;
  readonly csrf?: string;
}

const address: Address = {
  send: (path, init) => fetch(path, { ...init, credentials: "same-origin" }),
  webSocketUrl: (path) => new URL(path, location.href).href.replace(/^http/, "ws"),
};

const signedIn = ({ user, readOnly, csrf }: SessionBody): SignedIn => ({
  user,
  readOnly,
  client: httpClient(address, csrf === undefined ? {} : { "x-csrf-token": csrf }),
});

/** The session that the browser still has; undefined without one. */
export async function currentSession(): Promise<SignedIn | undefined> {
  const response = await address.send("/v1/session", {});
  if (response.status === 401) return undefined;
  if (!response.ok) throw await problemIn(response);
  return signedIn((await response.json()) as SessionBody); // the daemon's own
}

/** @throws HttpProblem when name or password is wrong */
export async function signIn(user: string, password: string): Promise<SignedIn> {
  const response = await address.send("/v1/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user, password }),
  });
  if (!response.ok) throw await problemIn(response);
  return signedIn((await response.json()) as SessionBody); // the daemon's own
}

export async function signOut(): Promise<void> {
  const session = await address.send("/v1/session", {});
  const { csrf } = (await session.json()) as SessionBody; // the daemon's own
  await address.send("/v1/session", {
    method: "DELETE",
    headers: csrf === undefined ? {} : { "x-csrf-token": csrf },
  });
}
