/** `/v1/events`: server-sent events, or the same by WebSocket. */
import { once } from "node:events";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { WebSocket } from "@fastify/websocket";
import type { EventFeed, FedEvent } from "./event-feed.ts";

/** Tells proxies and browsers that the line lives. */
const KEEPALIVE_MS = 15_000;
/** A reader this far behind is cut off and may resume. */
const BEHIND_LIMIT = 4 * 1024 * 1024;

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

const wanted = ({ noun }: Filter, event: FedEvent): boolean =>
  noun === undefined || event.noun === noun || event.noun === "feed";

const asServerSent = (event: FedEvent): string =>
  `id: ${event.id}\nevent: ${event.noun}\ndata: ${JSON.stringify(event)}\n\n`;

async function tellByHttp(
  feed: EventFeed,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const filter = filterOf(request);
  const reader = feed.read(filter.after);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  const beat = setInterval(() => raw.write(": here\n\n"), KEEPALIVE_MS).unref();
  const leave = (): void => feed.leave(reader);
  raw.once("close", leave);
  try {
    for await (const event of reader) {
      if (!wanted(filter, event)) continue;
      if (!raw.write(asServerSent(event)) && raw.writableLength > BEHIND_LIMIT) break;
    }
  } finally {
    clearInterval(beat);
    leave();
    raw.end();
  }
}

async function tellByWebSocket(
  feed: EventFeed,
  socket: WebSocket,
  request: FastifyRequest,
): Promise<void> {
  const filter = filterOf(request);
  const reader = feed.read(filter.after);
  const beat = setInterval(() => socket.ping(), KEEPALIVE_MS).unref();
  socket.once("close", () => feed.leave(reader));
  socket.on("error", () => socket.terminate());
  for await (const event of reader) {
    if (!wanted(filter, event)) continue;
    if (socket.bufferedAmount > BEHIND_LIMIT) break;
    socket.send(JSON.stringify(event));
  }
  clearInterval(beat);
  if (socket.readyState === socket.OPEN) {
    socket.close();
    await once(socket, "close");
  }
}

export function eventRoutes(server: FastifyInstance, feed: EventFeed): void {
  server.route({
    method: "GET",
    url: "/v1/events",
    handler: (request, reply) => tellByHttp(feed, request, reply),
    wsHandler: (socket, request) => {
      tellByWebSocket(feed, socket, request).catch(() => socket.terminate());
    },
  });
}
