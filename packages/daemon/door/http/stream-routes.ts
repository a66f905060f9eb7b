/** `/v1/streams/TICKET`: the bytes of a console by WebSocket. */
import { pipeline } from "node:stream/promises";
import type { FastifyInstance } from "fastify";
import type { WebSocket } from "@fastify/websocket";
import { explainError } from "@vireo/model/error";
import { createWebSocketStream } from "ws";
import type { StreamTickets } from "./stream-tickets.ts";

/** WebSocket close codes: RFC 6455 section 7.4; the 4000s are ours. */
const BAD_TICKET = 4404;
const STREAM_FAILED = 4500;
/** A close reason has at most 123 bytes. */
const REASON_LIMIT = 120;

const reasonOf = (error: unknown): string =>
  Buffer.from(explainError(error)).subarray(0, REASON_LIMIT).toString();

async function carry(socket: WebSocket, tickets: StreamTickets, id: string): Promise<void> {
  const opening = tickets.redeem(id);
  if (opening === undefined) {
    socket.close(BAD_TICKET, "the ticket is unknown, used or out of date");
    return;
  }
  try {
    const bytes = await opening();
    const peer = createWebSocketStream(socket);
    await pipeline(bytes, peer, bytes);
  } catch (error) {
    socket.close(STREAM_FAILED, reasonOf(error));
  }
}

export function streamRoutes(server: FastifyInstance, tickets: StreamTickets): void {
  server.get<{ Params: { ticket: string } }>(
    "/v1/streams/:ticket",
    { websocket: true },
    (socket, { params }) => void carry(socket, tickets, params.ticket),
  );
}
