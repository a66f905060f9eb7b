import assert from "node:assert/strict";
import { duplexPair } from "node:stream";
import { test } from "node:test";
import { RpcClient, type StreamReply } from "./client.ts";
import { DeadlineError, DisconnectedError, RemoteCallError } from "./client-error.ts";
import { rawPacket } from "./packet.ts";
import { remote, type RemoteRet } from "./program/remote.ts";
import { protocolErrorBody, RpcProtocolError } from "./rpc-error.ts";
import { bindProgram, RpcService } from "./server.ts";
import type { ServerSession, ServerStream } from "./server-contract.ts";
import { type StreamChunk, StreamClosedError } from "./stream.ts";

const ARGS = {
  dom: { name: "test", uuid: "c7a5fdbd-edaf-9455-926a-d65c16db1809", id: 1 },
  dev_name: null,
  flags: 0,
};

type Serve = (stream: ServerStream) => Promise<void>;
type Opened = StreamReply<RemoteRet<"domainOpenConsole">>;

interface Connected {
  readonly client: RpcClient;
  readonly session: ServerSession<null>;
  readonly open: (options?: object) => Promise<Opened>;
  /** Send bytes to the daemon that the client would not. */
  readonly inject: (bytes: Buffer) => void;
}

/** A connection on which DOMAIN_OPEN_CONSOLE opens a stream that `serve` serves. */
function connected(serve: Serve, reply: Promise<void> = Promise.resolve()): Connected {
  const [ours, theirs] = duplexPair();
  // a real socket takes a copy; the daemon uses the memory again
  const push = ours.push.bind(ours);
  ours.push = (chunk: Buffer | null) => push(chunk === null ? null : Buffer.from(chunk));
  const service = new RpcService<null>({
    programs: [
      bindProgram<typeof remote, null>(remote, {
        connectGetHostname: () => ({ hostname: "here" }),
        domainOpenConsole: async (_, call) => {
          call.openStream(serve);
          await reply;
        },
      }),
    ],
    openState: () => null,
    authorize: () => undefined,
    unsupported: ({ name }) => new Error(name),
    toRemoteError: (error) => protocolErrorBody(new RpcProtocolError(String(error))),
    limits: { streamQueueBytes: 4096 },
  });
  const session = service.accept(theirs, { transport: "unix" }, "rw");
  const client = new RpcClient(ours);
  return {
    client,
    session,
    inject: (bytes) => {
      ours.write(bytes);
    },
    open: (options) => client.callStream(remote, "domainOpenConsole", ARGS, options),
  };
}

async function collect(incoming: AsyncIterable<StreamChunk>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    // a chunk is good until the next one is asked for
    chunks.push(Buffer.isBuffer(chunk) ? Buffer.from(chunk) : Buffer.from(`[${chunk.hole}]`));
  }
  return Buffer.concat(chunks);
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      resolve();
    };
    if (signal.aborted) done();
    else signal.addEventListener("abort", done);
  });

test("stream: a download arrives whole and ends with end-of-file", async () => {
  const data = Buffer.alloc(700_001, "vireo");
  const { open } = connected(async (stream) => {
    await stream.write(data);
    await stream.writeHole(11n);
    await stream.write(Buffer.from("end"));
  });
  const { stream } = await open();
  const received = await collect(stream.incoming);
  assert.ok(received.equals(Buffer.concat([data, Buffer.from("[11]end")])));
  await stream.finish();
});

test("stream: an upload is confirmed after the daemon has taken all of it", async () => {
  let uploaded: Buffer = Buffer.alloc(0);
  const { open } = connected(async (stream) => {
    uploaded = await collect(stream.incoming);
  });
  const { stream } = await open();
  const data = Buffer.alloc(600_000, "abc");
  await stream.write(data);
  await stream.writeHole(5n);
  await stream.finish();
  assert.ok(uploaded.equals(Buffer.concat([data, Buffer.from("[5]")])));
});

test("stream: bytes flow both ways until the client finishes", async () => {
  const { open } = connected(async (stream) => {
    for await (const chunk of stream.incoming) {
      assert.ok(Buffer.isBuffer(chunk));
      await stream.write(Buffer.from(chunk.toString().toUpperCase()));
    }
  });
  const { stream } = await open();
  const reader = stream.incoming[Symbol.asyncIterator]();
  for (const word of ["one", "two"]) {
    await stream.write(Buffer.from(word));
    const { value } = await reader.next();
    assert.equal(String(value), word.toUpperCase());
  }
  await stream.finish();
});

test("stream: what the daemon throws reaches reader, writer and finish", async () => {
  const { open } = connected(async () => {
    await Promise.reject(new Error("disk full"));
  });
  const { stream } = await open();
  await assert.rejects(collect(stream.incoming), RemoteCallError);
  await assert.rejects(stream.write(Buffer.from("x")), /disk full/u);
  await assert.rejects(stream.finish(), /disk full/u);
});

test("stream: the client's abort stops the daemon and is confirmed", async () => {
  const ended = Promise.withResolvers<unknown>();
  const { open, client } = connected(async (stream) => {
    await collect(stream.incoming).catch((error: unknown) => {
      ended.resolve(error);
    });
    assert.equal(stream.signal.aborted, true);
    await assert.rejects(stream.write(Buffer.from("late")), StreamClosedError);
  });
  const { stream } = await open();
  await stream.write(Buffer.from("x"));
  await stream.abort();
  assert.ok((await ended.promise) instanceof StreamClosedError);
  assert.deepEqual(await client.call(remote, "connectGetHostname", undefined), {
    hostname: "here",
  });
});

test("stream: finishing early ends a daemon that writes without end", async () => {
  const { open } = connected(async (stream) => {
    for (;;) await stream.write(Buffer.alloc(1000));
  });
  const { stream } = await open();
  const first = await stream.incoming[Symbol.asyncIterator]().next();
  assert.equal(first.done, false);
  const finished = stream.finish();
  void collect(stream.incoming);
  await finished;
});

test("stream: a daemon that does not read holds the sender back", async () => {
  const go = Promise.withResolvers<void>();
  let received = 0;
  const { open } = connected(async (stream) => {
    await go.promise;
    received = (await collect(stream.incoming)).length;
  });
  const { stream } = await open();
  let written = 0;
  const sending = (async (): Promise<void> => {
    for (let i = 0; i < 200; i++) {
      await stream.write(Buffer.alloc(10_000));
      written += 10_000;
    }
  })();
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  assert.ok(written < 500_000, `${written} bytes were taken from a stalled stream`);
  go.resolve();
  await sending;
  await stream.finish();
  assert.equal(received, 2_000_000);
});

test("stream: a client that does not read holds the daemon back, and its end frees it", async () => {
  let written = 0;
  const gone = Promise.withResolvers<unknown>();
  const { open, session } = connected(async (stream) => {
    try {
      for (;;) {
        await stream.write(Buffer.alloc(100_000));
        written += 100_000;
      }
    } catch (error) {
      gone.resolve(error);
      throw error;
    }
  });
  await open();
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  assert.ok(written < 4_000_000, `${written} bytes went to a client that does not read`);
  session.close("enough");
  assert.ok((await gone.promise) instanceof StreamClosedError);
});

test("stream: a lost connection is told to both ends", async () => {
  const aborted = Promise.withResolvers<void>();
  const { open, session } = connected(async (stream) => {
    await untilAborted(stream.signal);
    aborted.resolve();
  });
  const { stream } = await open();
  const reading = collect(stream.incoming);
  session.close("enough");
  await aborted.promise;
  await assert.rejects(reading, DisconnectedError);
  await assert.rejects(stream.finish(), DisconnectedError);
});

test("stream: one that opens after its caller gave up is aborted", async () => {
  const reply = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  const { open } = connected(async (stream) => {
    await untilAborted(stream.signal);
    aborted.resolve();
  }, reply.promise);
  await assert.rejects(open({ timeoutMs: 5 }), DeadlineError);
  reply.resolve();
  await aborted.promise;
});

test("stream: a malformed hole ends the stream, not the connection", async () => {
  const ended = Promise.withResolvers<unknown>();
  const { open, client, inject } = connected(async (stream) => {
    await collect(stream.incoming).catch((error: unknown) => {
      ended.resolve(error);
    });
  });
  const { stream } = await open();
  const { number } = remote.procedures.domainOpenConsole;
  const numbers = { program: remote.number, version: 1, procedure: number, serial: 0 };
  inject(rawPacket({ ...numbers, type: 6, status: 2 }, Buffer.of(1, 2)));
  assert.ok((await ended.promise) instanceof StreamClosedError);
  await assert.rejects(stream.finish(), RemoteCallError);
  assert.deepEqual(await client.call(remote, "connectGetHostname", undefined), {
    hostname: "here",
  });
});

test("stream: a second reader is refused", async () => {
  const { open } = connected((stream) => untilAborted(stream.signal));
  const { stream } = await open();
  const first = stream.incoming[Symbol.asyncIterator]().next();
  await assert.rejects(stream.incoming[Symbol.asyncIterator]().next(), /already has a reader/u);
  await stream.abort();
  await assert.rejects(first, StreamClosedError);
  await assert.rejects(stream.write(Buffer.from("x")), StreamClosedError);
});
