/** Who is signed in, and the client that speaks for them. */
import { byteStreamOf, openedWebSocket } from "@vireo/sdk/http/byte-stream";
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

const webSocketUrl = (path: string): string =>
  new URL(path, location.href).href.replace(/^http/, "ws");

const address: Address = {
  send: (path, init) => fetch(path, { ...init, credentials: "same-origin" }),
  webSocketUrl,
  openBytes: async (path) => byteStreamOf(await openedWebSocket(webSocketUrl(path))),
};

let proof = "";

/** What a request that changes something must carry to prove that this page sends it. */
export const csrf = (): string => proof;

function signedIn({ user, readOnly, csrf: told = "" }: SessionBody): SignedIn {
  proof = told;
  return { user, readOnly, client: httpClient(address, { "x-csrf-token": told }) };
}

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
  await address.send("/v1/session", { method: "DELETE", headers: { "x-csrf-token": proof } });
}
