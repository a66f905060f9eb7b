/** `/v1/events`: server-sent events, or the same by WebSocket. */
import { once } from "node:events";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { WebSocket } from "@fastify/websocket";
import type { Permission } from "@vireo/model/operation/operation";
import { hasRight } from "../../api/access.ts";
import type { Connection } from "../../api/connection.ts";
import type { Caller } from "../../driver/contract.ts";
import type { EventFeed, FedEvent } from "./event-feed.ts";

/** Tells proxies and browsers that the line lives. */
const KEEPALIVE_MS = 15_000;
/** A line on which not even a sign of life gets through for so long is cut; the reader may resume. */
const STALL_MS = 60_000;
/** What may wait on a WebSocket before the events wait in the feed's queue instead. */
const SOCKET_BUFFER = 64 * 1024;

interface Filter {
  readonly noun?: string;
  readonly after?: string;
}

/** `last-event-id` is what browsers send when they resume. */
function filterOf({ query, headers }: FastifyRequest): Filter {
  const asked = new Map<string, unknown>(Object.entries(query ?? {}));
  const noun = asked.get("noun");
  const after = headers["last-event-id"] ?? asked.get("after");
  return {
    ...(typeof noun === "string" ? { noun } : {}),
    ...(typeof after === "string" ? { after } : {}),
  };
}

/** What one must be allowed to hear of a noun's events. */
const RIGHTS: Readonly<Record<string, Permission>> = {
  domain: "domain:getattr",
  storagePool: "storage_pool:getattr",
  secret: "secret:getattr",
  network: "network:getattr",
  job: "connect:read",
};

interface Listener {
  readonly filter: Filter;
  readonly caller: Caller;
}

function wanted({ filter: { noun }, caller }: Listener, event: FedEvent): boolean {
  if (event.noun === "feed") return true;
  const right = RIGHTS[event.noun];
  return (
    (noun === undefined || event.noun === noun) && right !== undefined && hasRight(caller, right)
  );
}

/** A limited token hears of its own jobs only. */
function isSeen({ caller }: Listener, { noun, event }: FedEvent): boolean {
  if (noun !== "job" || caller.scopes === undefined) return true;
  const job = event["job"];
  return typeof job === "object" && job !== null && Reflect.get(job, "by") === caller.name;
}

const asServerSent = (event: FedEvent): string =>
  `id: ${event.id}\nevent: ${event.noun}\ndata: ${JSON.stringify(event)}\n\n`;

/** Resolves when there is room again, or nobody to write to. */
async function drained({ raw }: FastifyReply): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(raw, "drain", { signal }), once(raw, "close", { signal })]);
  over.abort();
}

interface Telling {
  readonly feed: EventFeed;
  readonly listener: Listener;
  readonly request: FastifyRequest;
}

async function tellByHttp(
  { feed, listener, request }: Telling,
  reply: FastifyReply,
): Promise<void> {
  const reader = feed.read(listener.filter.after);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  const beat = setInterval(() => raw.write(": here\n\n"), KEEPALIVE_MS).unref();
  request.raw.socket.setTimeout(STALL_MS, () => raw.destroy());
  raw.once("close", () => reader.close());
  try {
    for await (const event of reader)
      if (wanted(listener, event) && isSeen(listener, event) && !raw.write(asServerSent(event)))
        await drained(reply);
  } catch {
    // the reader has gone while it was waited for
  } finally {
    clearInterval(beat);
    reader.close();
    raw.end();
  }
}

/** Resolves when what waits to be sent is little enough. */
const sent = (socket: WebSocket, text: string): Promise<void> =>
  new Promise((resolve) => {
    const isFull = socket.bufferedAmount > SOCKET_BUFFER;
    socket.send(text, () => resolve());
    if (!isFull) resolve();
  });

async function tellByWebSocket(
  { feed, listener, request }: Telling,
  socket: WebSocket,
): Promise<void> {
  const reader = feed.read(listener.filter.after);
  const beat = setInterval(() => socket.ping(), KEEPALIVE_MS).unref();
  request.raw.socket.setTimeout(STALL_MS, () => socket.terminate());
  socket.once("close", () => reader.close());
  socket.on("error", () => socket.terminate());
  for await (const event of reader)
    if (wanted(listener, event) && isSeen(listener, event))
      await sent(socket, JSON.stringify(event));
  clearInterval(beat);
  socket.close();
}

export function eventRoutes(
  server: FastifyInstance,
  feed: EventFeed,
  connectionOf: (request: FastifyRequest) => Promise<Connection>,
): void {
  const telling = async (request: FastifyRequest): Promise<Telling> => {
    const { caller } = await connectionOf(request);
    return { feed, request, listener: { filter: filterOf(request), caller } };
  };
  server.route({
    method: "GET",
    url: "/v1/events",
    handler: async (request, reply) => tellByHttp(await telling(request), reply),
    wsHandler: (socket, request) => {
      telling(request)
        .then((asked) => tellByWebSocket(asked, socket))
        .catch(() => socket.terminate());
    },
  });
}
