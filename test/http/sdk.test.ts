/** The HTTP door and the SDK against a running vireod with real QEMU. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import { HttpProblem } from "@vireo/sdk/http/http-error";
import { run } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";

const VIREO = join(import.meta.dirname, "../../bin/vireo");

const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
let client: HttpClient;
let base: string;

before(async () => {
  await vireod.start();
  client = await connect(await vireod.httpUrl());
  base = await vireod.httpAddress();
});
after(() => vireod.cleanUp());

const xmlOf = (name: string): string =>
  `<domain type='qemu'><name>${name}</name><memory>32768</memory><os><type>hvm</type></os></domain>`;
const problem =
  (kind: string, status: number) =>
  (error: unknown): boolean =>
    error instanceof HttpProblem && error.kind === kind && error.status === status;

test("sdk: a domain's life, and its events in order", async () => {
  const stop = new AbortController();
  const events = client.events({ noun: "domain", signal: stop.signal });
  assert.equal((await events.next()).value?.event.kind, "hello");
  const domain = { name: "life" };
  await client.domain.define({ xml: xmlOf("life") });
  const { id } = await client.domain.start({ domain, paused: true });
  assert.equal((await client.domain.lookup({ domain: { id: id ?? -1 } })).name, "life");
  await client.domain.destroy({ domain });
  await client.domain.undefine({ domain });
  const heard: string[] = [];
  for await (const { event } of events) {
    if (event["event"] !== undefined) heard.push(String(event["event"]));
    if (event["event"] === "undefined") break;
  }
  const expected = ["defined", "started", "suspended", "shutdown", "stopped", "undefined"];
  assert.deepEqual(heard, expected);
  stop.abort();
});

test("sdk: what is wrong is told with libvirt's code", async () => {
  await assert.rejects(client.domain.info({ domain: { name: "no" } }), problem("noDomain", 404));
  await assert.rejects(client.domain.define({ xml: "<domain>" }), problem("xmlDetail", 400));
  await assert.rejects(client.call("domain.setMemory", { domain: { name: "x" } }), (error) => {
    assert.ok(error instanceof HttpProblem);
    assert.match(error.message, /domain\.setMemory\.kib: expected an integer/);
    return true;
  });
});

test("http: documents are XML or JSON both ways, with a revision", async () => {
  await client.domain.define({ xml: xmlOf("doc") });
  const token = (await client.token.create({ name: "doc" })).secret;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const at = `${base}/v1/domains/doc`;
  const whole = `${at}/xml?inactive=true&secure=true`;
  const json = await fetch(whole, { headers: { ...headers, accept: "application/json" } });
  const definition = { ...((await json.json()) as object), title: "by JSON" };
  const body = JSON.stringify({ document: definition });
  const revision = json.headers.get("etag") ?? "";
  const apply = (match: string) =>
    fetch(`${at}/apply`, { method: "POST", body, headers: { ...headers, "if-match": match } });
  assert.equal((await apply(revision)).status, 200);
  assert.equal((await apply(revision)).status, 409, "the definition has changed meanwhile");
  const again = await fetch(whole, { headers });
  assert.match(await again.text(), /<title>by JSON<\/title>/);
  const etag = again.headers.get("etag") ?? "";
  const same = await fetch(whole, { headers: { ...headers, "if-none-match": etag } });
  assert.equal(same.status, 304);
  await client.domain.undefine({ domain: { name: "doc" } });
  await client.token.delete({ token: { name: "doc" } });
  assert.equal((await fetch(whole, { headers })).status, 401, "a revoked token");
});

test("http: who does not sign in gets nothing; a session needs its proof", async () => {
  assert.equal((await fetch(`${base}/v1/domains`)).status, 401);
  assert.equal((await fetch(`${base}/metrics`)).status, 401);
  assert.equal((await fetch(`${base}/v1/events`)).status, 401);
  await client.user.create({ name: "eve", password: "long enough", readOnly: true });
  const signIn = (password: string) =>
    fetch(`${base}/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user: "eve", password }),
    });
  assert.equal((await signIn("wrong password")).status, 401);
  const session = await signIn("long enough");
  const cookie = session.headers.get("set-cookie") ?? "";
  assert.match(cookie, /HttpOnly; SameSite=Strict/);
  const headers = { cookie: cookie.split(";")[0] ?? "" };
  assert.equal((await fetch(`${base}/v1/domains`, { headers })).status, 200);
  const { csrf } = (await session.json()) as { csrf: string };
  const create = (proof: object) =>
    fetch(`${base}/v1/domains`, {
      method: "POST",
      headers: { ...headers, ...proof, "content-type": "application/xml" },
      body: xmlOf("evil"),
    });
  assert.equal(
    ((await (await create({})).json()) as { detail: string }).detail.includes("x-csrf-token"),
    true,
  );
  assert.equal((await create({ "x-csrf-token": csrf })).status, 403, "she may only look");
  await client.user.delete({ user: { name: "eve" } });
  assert.equal((await fetch(`${base}/v1/domains`, { headers })).status, 401, "her session ended");
});

test("http: guesses of a password are counted", async () => {
  const guess = () =>
    fetch(`${base}/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"user":"nobody","password":"guess"}',
    });
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) statuses.push((await guess()).status);
  assert.ok(statuses.includes(429), String(statuses));
});

test("http: lists are filtered and come in pages", async () => {
  const names = ["p1", "p2", "p3", "q1"];
  for (const name of names) await client.domain.define({ xml: xmlOf(name) });
  const { secret } = await client.token.create({ name: "page", readOnly: true });
  const headers = { authorization: `Bearer ${secret}` };
  const page = async (query: string) => {
    const answer = await fetch(`${base}/v1/domains?${query}`, { headers });
    return (await answer.json()) as { items: { name: string }[]; total: number; next?: string };
  };
  const first = await page("name=p*&limit=2");
  assert.deepEqual([first.items.map(({ name }) => name), first.total], [["p1", "p2"], 3]);
  const second = await page(`name=p*&limit=2&cursor=${first.next}`);
  assert.deepEqual([second.items.map(({ name }) => name), second.next], [["p3"], undefined]);
  for (const name of names) await client.domain.undefine({ domain: { name } });
});

test("http: events are resumed where the client was, and a gap is told", async () => {
  const listen = (after?: string) => client.events(after === undefined ? {} : { after });
  const first = listen();
  const hello = (await first.next()).value;
  await first.return();
  await client.domain.define({ xml: xmlOf("gap") });
  const second = listen(hello?.id);
  assert.equal((await second.next()).value?.event.kind, "hello");
  assert.equal((await second.next()).value?.event["event"], "defined");
  await second.return();
  const third = listen("00000000-1");
  assert.equal((await third.next()).value?.event.kind, "gap");
  await third.return();
  await client.domain.undefine({ domain: { name: "gap" } });
});

test("http: metrics of a running domain in OpenMetrics", async () => {
  await client.domain.create({ xml: xmlOf("busy") });
  const { secret } = await client.token.create({ name: "prometheus", readOnly: true });
  const answer = await fetch(`${base}/metrics`, { headers: { authorization: `Bearer ${secret}` } });
  const text = await answer.text();
  assert.match(text, /^vireo_domain_state\{domain="busy"\} 1$/m);
  assert.match(text, /^vireo_domain_vcpu_delay_seconds_total\{domain="busy",vcpu="0"\} /m);
  assert.ok(text.endsWith("# EOF\n"));
  await client.domain.destroy({ domain: { name: "busy" } });
});

test("vireo: users and tokens are made on the command line", async () => {
  const vireo = async (input: string, ...words: string[]) => {
    const { status, stdout, stderr } = await run(VIREO, ["-c", vireod.uri, ...words], { input });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const secret = (await vireo("", "token-create", "cli", "--days", "2")).trim();
  const headers = { authorization: `Bearer ${secret}` };
  assert.equal((await fetch(`${base}/v1/domains`, { headers })).status, 200);
  assert.match(await vireo("", "token-list"), /^ cli +read, write +20\d\d-/m);
  await vireo("", "token-delete", "cli");
  assert.equal((await fetch(`${base}/v1/domains`, { headers })).status, 401);
  await vireo("a password\n", "user-create", "ann", "/dev/stdin", "--read-only");
  assert.match(await vireo("", "user-list"), /^ ann +read$/m);
  await vireo("another one\n", "user-password", "ann", "/dev/stdin");
  await vireo("", "user-delete", "ann");
});
