/** Operations with bytes beside the answer: up, down, or a ticket for both ways. */
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { virError } from "@vireo/model/error";
import type { Operation } from "@vireo/model/operation/operation";
import type { Route } from "@vireo/model/operation/route";
import { subjectOf } from "../../api/audit.ts";
import type { Connection } from "../../api/connection.ts";
import type { AnswerStreams } from "../../driver/contract.ts";
import type { ByteSource } from "../../host/byte-source.ts";
import type { Hole } from "../../host/sparse-frame.ts";
import type { Work } from "../../api/work.ts";
import type { Job, JobList } from "./job-list.ts";
import type { StreamTickets } from "./stream-tickets.ts";

type Input = Readonly<Record<string, unknown>>;

export interface OperationServices {
  /** Lives as long as the client's line. */
  readonly connectionOf: (request: FastifyRequest) => Promise<Connection>;
  /** Lives until it is closed. */
  readonly ownConnection: (request: FastifyRequest) => Promise<Connection>;
  readonly jobs: JobList;
  readonly tickets: StreamTickets;
}

interface StreamExchange {
  readonly route: Route;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly input: Input;
}

/** What a job's list says of it. */
export const aboutJob = (
  { name }: Operation,
  input: Input,
  { caller }: Connection,
): Pick<Job, "operation" | "by" | "subject"> => ({
  operation: name,
  by: caller.name,
  subject: subjectOf(input),
});

/** A client that neither sends nor takes a byte for so long is gone. */
const STALL_MS = 60_000;

/** Calls back when the client's line stands still. @returns how to stop watching */
function onStall({ raw: { socket } }: FastifyRequest, then: () => void): () => void {
  socket.setTimeout(STALL_MS, then);
  return () => {
    socket.setTimeout(0);
    socket.removeListener("timeout", then);
  };
}

/** The body into the stream, as a job. */
function taking(bytes: Writable, request: FastifyRequest): Work {
  const total = Number(request.headers["content-length"] ?? 0);
  let done = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of request.raw) {
      yield piece as Buffer; // a request without encoding gives Buffers
      done += (piece as Buffer).length;
    }
  }
  const calm = onStall(request, () => request.raw.destroy(virError("operationTimeout", "stalled")));
  return {
    outcome: pipeline(counted(), bytes).finally(calm),
    progress: () => Promise.resolve({ done, total }),
    cancel: () => {
      bytes.destroy(virError("operationAborted", "upload: canceled by client"));
      return Promise.resolve();
    },
  };
}

const ZEROES = Buffer.alloc(1 << 16);

/** HTTP has no holes. */
function* bytesOf(piece: Buffer | Hole): Generator<Buffer> {
  if (Buffer.isBuffer(piece)) {
    yield piece;
    return;
  }
  const whole = BigInt(ZEROES.length);
  for (let left = piece.hole; left > 0n; left -= whole)
    yield left < whole ? ZEROES.subarray(0, Number(left)) : ZEROES;
}

/** Resolves when the piece has left: its memory is the stream's, for what comes next. */
const written = ({ raw }: FastifyReply, piece: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    raw.write(piece, (error) => (error ? reject(error) : resolve()));
  });

/** What fails before the first byte is a problem; later the line is cut, so that nobody takes a part for the whole. */
async function giveBytes(
  bytes: ByteSource,
  { request, reply }: StreamExchange,
): Promise<FastifyReply> {
  const pieces = bytes[Symbol.asyncIterator]();
  const stop = (): void => void bytes.destroy();
  request.raw.socket.once("close", stop);
  const calm = onStall(request, () => request.raw.socket.destroy());
  try {
    let next = await pieces.next();
    reply.hijack();
    reply.raw.writeHead(200, { "content-type": "application/octet-stream" });
    try {
      for (; next.done !== true; next = await pieces.next())
        for (const part of bytesOf(next.value)) await written(reply, part);
      reply.raw.end();
    } catch {
      reply.raw.destroy();
    }
    return reply;
  } finally {
    calm();
    request.raw.socket.off("close", stop);
    bytes.destroy();
  }
}

/** Takes the body, gives bytes, or gives a ticket for a WebSocket. */
export async function answerStream(
  exchange: StreamExchange,
  { connectionOf, ownConnection, jobs, tickets }: OperationServices,
): Promise<FastifyReply> {
  const { route, request, reply, input } = exchange;
  const { operation } = route;
  const open = (connection: Connection): Promise<unknown> => connection.callNamed(operation, input);
  if (operation.stream === "both") {
    const connection = await ownConnection(request);
    connection.mustBeAllowed(operation);
    const { id, expiresAt } = tickets.issue(async () => {
      const stream = (await open(connection)) as AnswerStreams["both"]; // by its declared way
      return stream.once("close", () => connection.close());
    });
    return reply.code(201).send({ ticket: id, url: `/v1/streams/${id}`, expiresAt });
  }
  const connection = await connectionOf(request);
  if (operation.stream === "read")
    return giveBytes((await open(connection)) as AnswerStreams["read"], exchange); // the same
  const work = taking((await open(connection)) as AnswerStreams["write"], request); // the same
  const { id } = jobs.start(aboutJob(operation, input, connection), work);
  await work.outcome;
  return reply.code(204).header("location", `/v1/jobs/${id}`).send();
}
