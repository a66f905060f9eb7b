/** Requests over a Unix socket, for programs on the daemon's host. */
import { request } from "node:http";
import { Readable } from "node:stream";
import type { Send } from "./send.ts";

const headersOf = (raw: readonly string[]): Headers => {
  const headers = new Headers();
  for (let i = 0; i + 1 < raw.length; i += 2) headers.append(raw[i] ?? "", raw[i + 1] ?? "");
  return headers;
};

/** Statuses whose answers have no body, by the Fetch standard. */
const BODILESS = new Set([101, 204, 205, 304]);

const bodyOf = (body: RequestInit["body"]): Readable =>
  body instanceof ReadableStream
    ? Readable.from(body)
    : Readable.from(body === undefined || body === null ? [] : [body]);

export const sendOverUnixSocket =
  (socketPath: string): Send =>
  (path, { method = "GET", headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const fields = Object.fromEntries(new Headers(headers));
      const outgoing = request(
        { socketPath, path, method, headers: fields, ...(signal ? { signal } : {}) },
        (incoming) => {
          const status = incoming.statusCode ?? 500;
          const answer = BODILESS.has(status) ? null : Readable.toWeb(incoming);
          if (answer === null) incoming.resume();
          resolve(
            new Response(answer as ReadableStream | null, {
              status,
              headers: headersOf(incoming.rawHeaders),
            }), // Node's web stream is the platform's
          );
        },
      );
      outgoing.once("error", reject);
      bodyOf(body).pipe(outgoing);
    });
