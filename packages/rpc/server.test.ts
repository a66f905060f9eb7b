import assert from "node:assert/strict";
import { duplexPair } from "node:stream";
import { test } from "node:test";
import { RpcClient } from "./client.ts";
import { DeadlineError, DisconnectedError, RemoteCallError } from "./client-error.ts";
import { PacketReader } from "./packet-reader.ts";
import { encodePacket, type Packet, type PacketHeader, rawPacket } from "./packet.ts";
import { qemu } from "./program/qemu.ts";
import { remote } from "./program/remote.ts";
import { remoteError } from "./program/remote/type.ts";
import { protocolErrorBody, RpcProtocolError } from "./rpc-error.ts";
import { bindProgram, RpcService } from "./server.ts";
import type { Handlers, ProcedureInfo, RpcLimits, ServerSession } from "./server-contract.ts";
import { decode } from "./xdr/xdr-type.ts";

const DOM = { name: "test", uuid: "c7a5fdbd-edaf-9455-926a-d65c16db1809", id: 1 };

interface Setup {
  readonly handlers?: Handlers<string>;
  readonly limits?: Partial<RpcLimits>;
  readonly authorize?: () => void;
  readonly authorizeArgs?: (session: unknown, procedure: ProcedureInfo, args: object) => void;
}

interface Connected {
  readonly session: ServerSession<string>;
  readonly client: RpcClient;
}

function serviceOf(setup: Setup): RpcService<string> {
  const { handlers = {}, limits = {}, authorize, authorizeArgs = (): void => undefined } = setup;
  return new RpcService<string>({
    programs: [bindProgram<typeof remote, string>(remote, handlers)],
    openState: (peer, kind) => `${peer.transport} ${kind}`,
    authorize: authorize ?? ((): void => undefined),
    authorizeArgs,
    unsupported: ({ api }) => new Error(`unsupported ${String(api)}`),
    toRemoteError: (error) => ({
      ...protocolErrorBody(new RpcProtocolError(String(error))),
      code: 1,
    }),
    limits,
  });
}

function connected(setup: Setup): Connected {
  const [ours, theirs] = duplexPair();
  const session = serviceOf(setup).accept(theirs, { transport: "unix", uid: 0 }, "rw");
  return { session, client: new RpcClient(ours) };
}

/** Speak in raw bytes; resolves with so many packets of the answer. */
async function raw(setup: Setup, bytes: Buffer, count: number): Promise<readonly Packet[]> {
  const [ours, theirs] = duplexPair();
  serviceOf(setup).accept(theirs, { transport: "unix" }, "rw");
  const reader = new PacketReader();
  const packets: Packet[] = [];
  ours.write(bytes);
  for await (const piece of ours) {
    reader.push(piece as Buffer);
    for (let p = reader.next(); p !== undefined; p = reader.next()) packets.push(p);
    if (packets.length >= count) break;
  }
  return packets;
}

const CALL: PacketHeader = {
  program: remote.number,
  version: 1,
  procedure: 16,
  type: 0,
  serial: 7,
  status: 0,
};

async function errorOf(header: Partial<PacketHeader>, body?: Buffer): Promise<string | null> {
  const [reply] = await raw({}, rawPacket({ ...CALL, ...header }, body), 1);
  assert.ok(reply);
  assert.equal(reply.serial, 7);
  assert.equal(reply.status, 1);
  const error = decode(remoteError, reply.body);
  assert.equal(error.code, 39);
  assert.equal(error.domain, 7);
  assert.equal(error.str2, error.message);
  return error.message;
}

test("server: a call reaches its handler and the result comes back", async () => {
  const { client, session } = connected({
    handlers: {
      domainGetInfo: ({ dom }, call) => {
        assert.equal(dom.name, "test");
        assert.equal(call.session.state, "unix rw");
        return { state: 1, maxMem: 4n, memory: 2n, nrVirtCpu: 2, cpuTime: 9n };
      },
    },
  });
  const info = await client.call(remote, "domainGetInfo", { dom: DOM });
  assert.equal(info.maxMem, 4n);
  session.close("done");
});

test("server: protocol errors are answered in libvirtd's words", async () => {
  assert.equal(await errorOf({ program: 77 }), "Cannot find program 77 version 1");
  assert.equal(await errorOf({ version: 2 }), "Cannot find program 536903814 version 2");
  assert.equal(await errorOf({ procedure: 9999 }), "unknown procedure: 9999");
  assert.equal(await errorOf({ procedure: 0 }), "unknown procedure: 0");
  assert.equal(await errorOf({ procedure: 318 }), "unknown procedure: 318", "an event is no call");
  assert.equal(await errorOf({ status: 1 }), "Unexpected message status 1");
  assert.equal(await errorOf({}, Buffer.of(0, 0)), "Unable to decode message payload");
});

test("server: a call is refused before its payload is decoded", async () => {
  const authorize = (): void => {
    throw new Error("not you");
  };
  const [reply] = await raw({ authorize }, rawPacket(CALL, Buffer.of(0xff)), 1);
  assert.equal(decode(remoteError, reply?.body ?? Buffer.alloc(0)).message, "Error: not you");
});

test("server: arguments decide where reading is allowed only in part", async () => {
  const asked: string[] = [];
  const { client } = connected({
    authorizeArgs: (_, { name, readOnly }, args) => {
      asked.push(name);
      assert.deepEqual(readOnly, { field: "flags", bits: 9 });
      if ("flags" in args && args.flags === 1) throw new Error("secure");
    },
    handlers: {
      domainGetXmlDesc: () => ({ xml: "<domain/>" }),
      connectGetHostname: () => ({ hostname: "here" }),
    },
  });
  await client.call(remote, "connectGetHostname", undefined);
  await client.call(remote, "domainGetXmlDesc", { dom: DOM, flags: 0 });
  const secure = client.call(remote, "domainGetXmlDesc", { dom: DOM, flags: 1 });
  await assert.rejects(secure, /secure/u);
  assert.deepEqual(asked, ["domainGetXmlDesc", "domainGetXmlDesc"]);
});

test("server: a result that breaks a limit is an error, not a broken connection", async () => {
  const { client } = connected({
    handlers: {
      connectGetHostname: () => ({ hostname: "a\0b" }),
      connectGetType: () => {
        throw new Error("a\0b");
      },
    },
  });
  for (const name of ["connectGetHostname", "connectGetType"] as const) {
    await assert.rejects(client.call(remote, name, undefined), /Unable to encode message payload/u);
  }
});

test("server: sessions tell who they are for, and when they are over", async () => {
  const service = serviceOf({});
  const accept = (): ServerSession<string> =>
    service.accept(duplexPair()[0], { transport: "tcp", address: "::1;9" }, "ro");
  const [first, second] = [accept(), accept()];
  assert.deepEqual([first.id, second.id], [1, 2]);
  assert.deepEqual([first.kind, first.peer.address], ["ro", "::1;9"]);
  service.close();
  assert.deepEqual(service.sessions, []);
  const reason = await new Promise<string>((resolve) => {
    first.onClose(resolve);
  });
  assert.match(reason, /stopping/u);
  first.sendEvent(remote, "connectEventConnectionClosed", { reason: 0 });
});

test("server: what a handler throws becomes the error reply", async () => {
  const handlers: Handlers<string> = {
    connectGetHostname: () => {
      throw new Error("no name");
    },
  };
  const { client } = connected({ handlers });
  await assert.rejects(client.call(remote, "connectGetHostname", undefined), (error) => {
    assert.ok(error instanceof RemoteCallError);
    assert.equal(error.body.code, 1);
    assert.equal(error.message, "Error: no name");
    return true;
  });
  const call = client.call(remote, "domainCreate", { dom: DOM });
  await assert.rejects(call, /unsupported virDomainCreate/u);
  await assert.rejects(
    client.call(qemu, "domainAttach", { pid_value: 1, flags: 0 }),
    /Cannot find program/u,
  );
});

test("server: messages, unknown types and strange streams are dropped", async () => {
  const dropped = [2, 1, 77, 3, 6].map((type) => rawPacket({ ...CALL, type }, Buffer.alloc(12)));
  const bytes = Buffer.concat([...dropped, rawPacket({ ...CALL, procedure: 9999, serial: 8 })]);
  const [first] = await raw({}, bytes, 1);
  assert.equal(first?.serial, 8);
});

test("server: impossible lengths end the connection without an answer", async () => {
  for (const length of [0, 3, 27, 33_554_437, 0xffff_ffff]) {
    const bytes = rawPacket(CALL);
    bytes.writeUInt32BE(length, 0);
    assert.deepEqual(await raw({}, bytes, 1), [], String(length));
  }
});

test("server: descriptors announced by a call are skipped and the next call is understood", async () => {
  const withFds = rawPacket({ ...CALL, type: 4, procedure: 9999 }, Buffer.of(0, 0, 0, 2));
  const bytes = Buffer.concat([
    withFds,
    Buffer.of(0, 0),
    rawPacket({ ...CALL, procedure: 0, serial: 9 }),
  ]);
  const serials = (await raw({}, bytes, 2)).map((p) => p.serial);
  assert.deepEqual(serials, [7, 9]);
});

test("server: at most maxInFlight calls of one client run at once, in order", async () => {
  let running = 0;
  let most = 0;
  const started: number[] = [];
  const gates: (() => void)[] = [];
  const { client } = connected({
    limits: { maxInFlight: 3 },
    handlers: {
      connectSupportsFeature: async ({ feature }) => {
        started.push(feature);
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => gates.push(resolve));
        running -= 1;
        return { supported: feature };
      },
    },
  });
  const calls = Array.from({ length: 10 }, async (_, feature) => {
    const { supported } = await client.call(remote, "connectSupportsFeature", { feature });
    return supported;
  });
  while (started.length < 10) {
    gates.shift()?.();
    await new Promise(setImmediate);
  }
  for (const open of gates) open();
  assert.deepEqual(await Promise.all(calls), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(started, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(most, 3);
});

test("server: a client that hangs up is noticed while its calls fill all places", async () => {
  const [ours, theirs] = duplexPair();
  const handlers: Handlers<string> = { connectGetHostname: () => new Promise(() => undefined) };
  const service = serviceOf({ limits: { maxInFlight: 2 }, handlers });
  const session = service.accept(theirs, { transport: "unix" }, "rw");
  const { number } = remote.procedures.connectGetHostname;
  for (let serial = 0; serial < 9; serial++) {
    ours.write(rawPacket({ ...CALL, procedure: number, serial }));
  }
  ours.end();
  const reason = await new Promise<string>((resolve) => {
    session.onClose(resolve);
  });
  assert.match(reason, /hung up/u);
});

test("server: close after replies lets the calls in flight answer", async () => {
  const gate = Promise.withResolvers<{ hostname: string }>();
  const { client } = connected({
    handlers: {
      connectGetHostname: () => gate.promise,
      connectClose: (_, call) => {
        call.session.closeAfterReplies();
      },
    },
  });
  const slow = client.call(remote, "connectGetHostname", undefined);
  const close = client.call(remote, "connectClose", undefined);
  await close;
  gate.resolve({ hostname: "here" });
  assert.deepEqual(await slow, { hostname: "here" });
  assert.match(await client.closed, /closed|hung up/u);
});

test("server: events reach listeners with serial 1", async () => {
  const { client, session } = connected({});
  const seen = Promise.withResolvers<number>();
  client.on(remote, "domainEventCallbackLifecycle", ({ callbackID }) => {
    seen.resolve(callbackID);
  });
  session.sendEvent(remote, "domainEventCallbackLifecycle", {
    callbackID: 5,
    msg: { dom: DOM, event: 2, detail: 0 },
  });
  assert.equal(await seen.promise, 5);
  const frame = encodePacket(
    { ...CALL, type: 2, serial: 1 },
    remote.procedures.storagePoolEventRefresh.message,
    {
      callbackID: 0,
      pool: DOM,
    },
  );
  assert.equal(frame.readUInt32BE(20), 1);
});

test("server: a client that does not read its events is disconnected", async () => {
  const [, theirs] = duplexPair();
  const service = serviceOf({ limits: { eventQueueBytes: 4096 } });
  const session = service.accept(theirs, { transport: "unix" }, "rw");
  const reason = new Promise<string>((resolve) => {
    session.onClose(resolve);
  });
  for (let i = 0; i < 2000; i++) {
    session.sendEvent(remote, "domainEventCallbackReboot", { callbackID: 0, msg: { dom: DOM } });
  }
  assert.match(await reason, /does not read its events/u);
  assert.equal(service.sessions.length, 0);
});

test("client: a deadline, a signal and a lost connection each release the caller", async () => {
  const { client, session } = connected({
    handlers: { connectGetHostname: () => new Promise(() => undefined) },
  });
  const never = (options: object): Promise<unknown> =>
    client.call(remote, "connectGetHostname", undefined, options);
  await assert.rejects(never({ timeoutMs: 5 }), DeadlineError);
  await assert.rejects(never({ signal: AbortSignal.timeout(5) }), /timeout/u);
  const waiting = [never({}), never({ timeoutMs: Number.POSITIVE_INFINITY })];
  session.close("enough");
  for (const call of waiting) await assert.rejects(call, DisconnectedError);
  await assert.rejects(never({}), DisconnectedError);
});

test("keepalive: a ping is answered with a pong of serial 0", async () => {
  const ping = { program: 0x6b65_6570, version: 1, procedure: 1, type: 2, serial: 42, status: 0 };
  const ignored = [
    { ...ping, procedure: 9 },
    { ...ping, version: 2 },
    { ...ping, type: 0 },
  ];
  const bytes = Buffer.concat([...ignored, ping].map((header) => rawPacket(header)));
  const [pong] = await raw({}, bytes, 1);
  assert.deepEqual(
    { ...pong, body: undefined },
    { ...ping, procedure: 2, serial: 0, fdCount: 0, body: undefined },
  );
});

test("keepalive: a client that stays silent is given up", async () => {
  const [client, theirs] = duplexPair();
  const service = serviceOf({ limits: { keepaliveIntervalMs: 10, keepaliveCount: 2 } });
  const session = service.accept(theirs, { transport: "unix" }, "rw");
  const pings: Packet[] = [];
  const reader = new PacketReader();
  client.on("data", (piece: Buffer) => {
    reader.push(piece);
    for (let p = reader.next(); p !== undefined; p = reader.next()) pings.push(p);
  });
  session.startKeepalive();
  const reason = await new Promise<string>((resolve) => {
    session.onClose(resolve);
  });
  assert.match(reason, /keepalive/u);
  assert.deepEqual(
    pings.map((p) => p.procedure),
    [1, 1],
  );
});
