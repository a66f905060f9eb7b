/**
 * The libvirt SDK keeps its line: after a cut at any place calls fail at once, the line comes back, events
 * go on and tell the gap. Also true of a real libvirtd: VIREO_TEST_DAEMON=libvirtd.
 */
import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import { DeadlineError, DisconnectedError } from "@vireo/rpc/client-error";
import { connect, type ConnectOptions } from "@vireo/sdk/libvirt/connect";
import type { LibvirtConnection } from "@vireo/sdk/libvirt/connection";
import { EventGapError } from "@vireo/sdk/libvirt/event-stream";
import type { LineNews } from "@vireo/sdk/libvirt/line";
import { CutProxy } from "../harness/cut-proxy.ts";
import { isReference, startDaemon, type Daemon } from "../harness/daemon.ts";
import { emptyXml } from "../harness/domain-xml.ts";
import { Vireod } from "../harness/vireod.ts";

let daemon: Daemon;
before(async () => {
  daemon = await startDaemon();
});
after(() => daemon.cleanUp());

const QUICKLY = { firstWaitMs: 1, longestWaitMs: 50 };

async function proxied(
  t: TestContext,
  options: ConnectOptions = {},
): Promise<{ readonly proxy: CutProxy; readonly connection: LibvirtConnection }> {
  const socket = new URL(daemon.uri.replace("qemu+unix", "http")).searchParams.get("socket");
  const proxy = await CutProxy.before(socket ?? "");
  t.after(() => proxy.cleanUp());
  const connection = await connect(proxy.uri, { reconnect: QUICKLY, ...options });
  t.after(() => connection.close());
  return { proxy, connection };
}

const next = (connection: LibvirtConnection, state: LineNews["state"]): Promise<LineNews> =>
  new Promise((resolve) => {
    const stop = connection.onLine((news) => {
      if (news.state !== state) return;
      stop();
      resolve(news);
    });
  });

test("reconnect: a line cut at each byte of an answer fails its caller at once, and serves the next", async (t) => {
  const { proxy, connection } = await proxied(t, { timeoutMs: 10_000 });
  const before = proxy.passed;
  const { hostname } = await connection.call("connectGetHostname");
  const bytes = proxy.passed - before;
  assert.ok(bytes > 28, String(bytes));
  for (let at = 1; at < bytes; at++) {
    proxy.cutAfter(at);
    await assert.rejects(connection.call("connectGetHostname"), DisconnectedError, `byte ${at}`);
    assert.equal((await connection.call("connectGetHostname")).hostname, hostname, `byte ${at}`);
  }
});

test("reconnect: cut at each byte of the opening, the line comes back all the same", async (t) => {
  const { proxy, connection } = await proxied(t, { timeoutMs: 10_000 });
  const whole = proxy.passed;
  for (let at = 1; at < whole; at += 3) {
    const regained = next(connection, "regained");
    proxy.cut();
    proxy.cutAfter(at);
    const news = await regained;
    assert.equal(news.state === "regained" && news.attempts, 2, `byte ${at}`);
  }
  assert.equal((await connection.call("connectGetType")).type, "QEMU");
});

test("reconnect: every caller under way is told, whatever it waits for", async (t) => {
  const { proxy, connection } = await proxied(t);
  const calls = Array.from({ length: 200 }, () => connection.call("connectGetCapabilities"));
  const settled = Promise.allSettled(calls);
  proxy.cut();
  for (const { status, ...rest } of await settled)
    if (status === "rejected")
      assert.ok("reason" in rest && rest.reason instanceof DisconnectedError);
  assert.equal((await connection.call("connectGetType")).type, "QEMU");
});

test("reconnect: nobody waits longer than he wants to for a line that is away", async (t) => {
  const { proxy, connection } = await proxied(t);
  const lost = next(connection, "lost");
  await proxy.shut();
  await lost;
  const begin = performance.now();
  const call = connection.call("connectGetType", undefined, { timeoutMs: 100 });
  await assert.rejects(call, DeadlineError);
  assert.ok(performance.now() - begin < 2000);
  const stop = new AbortController();
  const aborted = connection.call("connectGetType", undefined, { signal: stop.signal });
  stop.abort(new Error("not now"));
  await assert.rejects(aborted, /not now/);
  const patient = connection.call("connectGetType");
  await proxy.open();
  assert.equal((await patient).type, "QEMU");
  await proxy.shut();
  const last = connection.call("connectGetType");
  const refused = assert.rejects(last, DisconnectedError);
  await connection.close();
  await refused;
  await connection.closed;
  await proxy.open();
});

test("reconnect: events are registered again; the gap stands where it was", async (t) => {
  const { proxy, connection } = await proxied(t);
  const seen: string[] = [];
  const events = await connection.events("domain", "lifecycle", { onGap: () => seen.push("gap") });
  const strict = await connection.events("domain", "lifecycle");
  const define = async (name: string) =>
    (await connection.call("domainDefineXmlFlags", { xml: emptyXml(name), flags: 0 })).dom;
  const first = await define("gap1");
  const regained = next(connection, "regained");
  proxy.cut();
  await regained;
  const second = await define("gap2");
  for await (const { event, dom } of events) {
    seen.push(`${dom.name} ${event}`);
    if (dom.name === "gap2") break;
  }
  assert.deepEqual(seen, ["gap1 0", "gap", "gap2 0"]);
  const read = async (): Promise<void> => {
    for await (const { dom } of strict) assert.equal(dom.name, "gap1");
  };
  await assert.rejects(read(), EventGapError);
  for (const dom of [first, second]) await connection.call("domainUndefine", { dom });
});

test("reconnect: a console that was open ends, and a new one opens", async (t) => {
  const { proxy, connection } = await proxied(t);
  const { dom } = await connection.call("domainCreateXml", {
    xml_desc: emptyXml("line"),
    flags: 1,
  });
  const open = () => connection.callStream("domainOpenConsole", { dom, dev_name: null, flags: 1 });
  const { stream } = await open();
  proxy.cut();
  const read = async (): Promise<void> => {
    for await (const piece of stream.incoming) assert.ok(piece);
  };
  await assert.rejects(read(), DisconnectedError);
  const again = await open();
  await again.stream.abort();
  await connection.call("domainDestroy", { dom });
});

test("reconnect: without it the connection ends with its line", async (t) => {
  const { proxy, connection } = await proxied(t, { reconnect: false });
  proxy.cut();
  await connection.closed;
  await assert.rejects(connection.call("connectGetType"), DisconnectedError);
});

test("reconnect: over a kill -9 of the daemon", { skip: isReference }, async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  await using connection = await connect(vireod.uri, { reconnect: QUICKLY });
  await connection.call("domainDefineXmlFlags", { xml: emptyXml("kept"), flags: 0 });
  let gaps = 0;
  const events = await connection.events("domain", "lifecycle", { onGap: () => (gaps += 1) });
  await vireod.end("SIGKILL");
  const waiting = connection.call("domainLookupByName", { name: "kept" });
  await vireod.start();
  const { dom } = await waiting;
  await connection.call("domainUndefine", { dom });
  for await (const { event } of events) {
    assert.equal(event, 1);
    break;
  }
  assert.equal(gaps, 1);
});

test("reconnect: a daemon that stands still is given up by its silence", {
  skip: isReference,
}, async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  const keepalive = { intervalMs: 50, count: 2 };
  await using connection = await connect(vireod.uri, { reconnect: QUICKLY, keepalive });
  const lost = next(connection, "lost");
  process.kill(vireod.pid, "SIGSTOP");
  const call = connection.call("connectGetType");
  await assert.rejects(call, DisconnectedError);
  await lost;
  const late = connection.call("connectGetType", undefined, { timeoutMs: 20_000 });
  process.kill(vireod.pid, "SIGCONT");
  assert.equal((await late).type, "QEMU");
});
