/** Events over real lines: a reader that stands still costs a bounded amount and is told. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import websocket from "@fastify/websocket";
import fastify from "fastify";
import { WebSocket } from "ws";
import type { Connection } from "../../api/connection.ts";
import { EventFeed, type FedEvent } from "./event-feed.ts";
import { eventRoutes } from "./event-routes.ts";

const owner = { name: "owner", readOnly: false, door: "http" } as const;
const connection = { caller: owner, events: () => undefined } as unknown as Connection; // all that is asked of it

async function served(t: TestContext): Promise<{ feed: EventFeed; port: number }> {
  const feed = new EventFeed(connection);
  const server = fastify({ forceCloseConnections: true });
  await server.register(websocket);
  eventRoutes(server, feed, () => Promise.resolve(connection));
  await server.listen({ host: "127.0.0.1", port: 0 });
  t.after(async () => {
    feed.close();
    await server.close();
  });
  return { feed, port: (server.server.address() as AddressInfo).port };
}

const EVENTS = 30_000;
const PADDING = "x".repeat(500);
const MIB = 1 << 20;

function flood(feed: EventFeed): void {
  for (let i = 1; i <= EVENTS; i++) feed.add("domain", { kind: "flood", i, PADDING });
}

/** Reads on until the last of the flood. */
async function restOf(socket: Socket): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of socket) {
    pieces.push(String(piece));
    if (pieces.slice(-2).join("").includes(`"i":${EVENTS},`)) break;
  }
  return pieces.join("");
}

const eventsIn = (text: string): readonly FedEvent[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, json = ""]) => JSON.parse(json) as FedEvent);

/** What came is in order, and each place where some are missing is told. */
function assertGapsTold(events: readonly FedEvent[]): void {
  let [last, gaps, isTold] = [0, 0, true];
  for (const { noun, event } of events) {
    if (noun === "feed") {
      isTold = true;
      gaps += Number(event["kind"] === "gap");
      continue;
    }
    const number = Number(event["i"]);
    assert.ok(number === last + 1 || isTold, `${last} then ${number}`);
    [last, isTold] = [number, false];
  }
  assert.equal(last, EVENTS);
  assert.ok(gaps > 0);
}

test("events: a slow reader of server-sent events is bounded, and told of the gap", async (t) => {
  const { feed, port } = await served(t);
  const socket = connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.write("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
  const [first] = (await once(socket, "data")) as [Buffer];
  assert.match(first.toString(), /"kind":"hello"/);
  socket.pause();
  const before = process.memoryUsage().rss;
  flood(feed);
  assert.ok(process.memoryUsage().rss - before < 100 * MIB);
  const text = await restOf(socket);
  assert.ok(text.length < 20 * MIB, "most of it was never kept for this reader");
  // chunks of the transfer stand between
  assertGapsTold(eventsIn(text.replaceAll(/\r\n[\da-f]+\r\n/g, "")));
});

test("events: a slow reader by WebSocket is bounded, and told of the gap", async (t) => {
  const { feed, port } = await served(t);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/events?noun=domain`);
  t.after(() => socket.terminate());
  const events: FedEvent[] = [];
  const done = Promise.withResolvers<undefined>();
  socket.on("message", (data: Buffer) => {
    const event = JSON.parse(data.toString()) as FedEvent;
    events.push(event);
    if (event.event["kind"] === "hello") {
      socket.pause();
      flood(feed);
      socket.resume();
    }
    if (event.event["i"] === EVENTS) done.resolve(undefined);
  });
  await done.promise;
  assertGapsTold(events);
});

test("events: a quiet line shows that it lives", async (t) => {
  const { port } = await served(t);
  t.mock.timers.enable({ apis: ["setInterval"] });
  const socket = connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.write("GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(socket, "data");
  const next = once(socket, "data");
  t.mock.timers.tick(15_000);
  const [beat] = (await next) as [Buffer];
  assert.match(beat.toString(), /^: here$/m);
  const web = new WebSocket(`ws://127.0.0.1:${port}/v1/events`);
  t.after(() => web.terminate());
  await once(web, "message");
  const ping = once(web, "ping");
  t.mock.timers.tick(15_000);
  await ping;
});
