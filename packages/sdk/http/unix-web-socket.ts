/** A WebSocket (RFC 6455) over a Unix socket, as much of it as streams of bytes need. */
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Socket } from "node:net";
import { isGoodEnd, type ByteStream } from "./byte-stream.ts";
import { problemOfText } from "./http-error.ts";

const CONTINUATION = 0;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const FINAL = 0x80;
const MASKED = 0x80;
const MASK_BYTES = 4;
/** Length that says: the next 2, or 8, bytes are the length. */
const IN_TWO = 126;
const IN_EIGHT = 127;
const NORMAL = 1000;
const NO_STATUS = 1005;
/** Longer frames are not read: the daemon sends none. */
const FRAME_LIMIT = 16 * 1024 * 1024;

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** What a client sends is masked, so that nobody on the way takes it for something else. */
export function frameOf(opcode: number, payload: Uint8Array): Buffer {
  const mask = randomBytes(MASK_BYTES);
  const { length } = payload;
  const head = Buffer.alloc(length < IN_TWO ? 2 : length < 1 << 16 ? 4 : 10);
  head[0] = FINAL | opcode;
  if (head.length === 2) head[1] = MASKED | length;
  else if (head.length === 4) {
    head[1] = MASKED | IN_TWO;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = MASKED | IN_EIGHT;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  const masked = Buffer.from(payload);
  for (let i = 0; i < length; i++) masked[i] = (masked[i] ?? 0) ^ (mask[i % MASK_BYTES] ?? 0);
  return Buffer.concat([head, mask, masked]);
}

/** Takes a server's frames apart, however their bytes arrive. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  /** @throws RangeError when a frame is longer than any that a daemon sends */
  *frames(piece: Buffer): Generator<Frame> {
    this.#rest = Buffer.concat([this.#rest, piece]);
    for (;;) {
      const head = this.#head();
      if (head === undefined || this.#rest.length < head.start + head.length) return;
      const end = head.start + head.length;
      const payload = this.#rest.subarray(head.start, end);
      const opcode = (this.#rest[0] ?? 0) & 0x0f;
      this.#rest = this.#rest.subarray(end);
      yield { opcode, payload };
    }
  }

  #head(): { readonly start: number; readonly length: number } | undefined {
    const rest = this.#rest;
    const short = (rest[1] ?? 0) & 0x7f;
    const start = short === IN_EIGHT ? 10 : short === IN_TWO ? 4 : 2;
    if (rest.length < start) return undefined;
    const length =
      start === 2 ? short : start === 4 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
    if (length > FRAME_LIMIT) throw new RangeError(`A frame of ${length} bytes is too long`);
    return { start, length };
  }
}

function upgraded(socketPath: string, path: string): Promise<{ socket: Socket; head: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = request({
      socketPath,
      path,
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": randomBytes(16).toString("base64"),
      },
    });
    asked.once("upgrade", (_answer, socket, head) => resolve({ socket, head }));
    asked.once("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      answer.once("end", () => reject(problemOfText(answer.statusCode ?? 0, text)));
    });
    asked.once("error", reject);
    asked.end();
  });
}

/** Opens it. @throws HttpProblem, or Node's Error when nobody listens */
export async function openOverUnixSocket(socketPath: string, path: string): Promise<ByteStream> {
  const { socket, head } = await upgraded(socketPath, path);
  const reader = new FrameReader();
  const send = (opcode: number, payload: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.write(frameOf(opcode, payload), (error) => (error ? reject(error) : resolve()));
    });
  const close = (): void => {
    const code = Buffer.alloc(2);
    code.writeUInt16BE(NORMAL);
    void send(CLOSE, code).catch(() => undefined);
    socket.end();
  };
  let isOver = false;
  const readable = new ReadableStream<Uint8Array>({
    start: (into) => {
      const over = (error?: Error): void => {
        if (isOver) return;
        isOver = true;
        socket.destroy();
        if (error === undefined) into.close();
        else into.error(error);
      };
      const take = ({ opcode, payload }: Frame): boolean => {
        if (opcode === PING) void send(PONG, payload).catch(() => undefined);
        if (opcode === BINARY || opcode === CONTINUATION) into.enqueue(new Uint8Array(payload));
        if (opcode !== CLOSE) return true;
        const code = payload.length < 2 ? NO_STATUS : payload.readUInt16BE();
        const reason = payload.subarray(2).toString();
        over(isGoodEnd(code) ? undefined : new Error(`The stream was cut: ${reason || code}`));
        return false;
      };
      const receive = (piece: Buffer): void => {
        if (isOver) return;
        for (const frame of reader.frames(piece)) if (!take(frame)) return;
        if ((into.desiredSize ?? 0) <= 0) socket.pause();
      };
      socket.on("data", receive);
      socket.once("error", over);
      socket.once("end", () => over(new Error("The daemon hung up")));
      if (head.length > 0) receive(head);
    },
    pull: () => void socket.resume(),
    cancel: () => {
      isOver = true;
      close();
    },
  });
  const writable = new WritableStream<Uint8Array>({
    write: (piece) => send(BINARY, piece),
    close,
    abort: close,
  });
  return { readable, writable, close };
}
