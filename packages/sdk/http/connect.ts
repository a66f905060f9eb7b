/** Opens a client of vireod's HTTP door. */
import { httpClient, type HttpClient } from "./client.ts";
import { problemIn } from "./http-error.ts";
import { addressOf } from "./address.ts";

export interface HttpConnectOptions {
  /** From `token.create`; a Unix socket needs none. */
  readonly token?: string;
}

/**
 * `http+unix:///run/vireo/vireo-http-sock`, `http://HOST:PORT` or `https://HOST:PORT`.
 * @throws HttpProblem when the daemon does not let the caller in; TypeError for another kind of URL
 */
export async function connect(
  url: string,
  { token }: HttpConnectOptions = {},
): Promise<HttpClient> {
  const address = await addressOf(url);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await address.send("/v1/session", { headers });
  if (!response.ok) throw await problemIn(response);
  await response.body?.cancel();
  return httpClient(address, headers);
}
