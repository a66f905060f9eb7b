/** Who may do what by HTTP, asked of every operation there is. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import type { Operation } from "@vireo/model/operation/operation";
import { ROUTES, type Route } from "@vireo/model/operation/route";
import { Vireod } from "../harness/vireod.ts";

const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
let owner: HttpClient;
let base: string;

before(async () => {
  await vireod.start();
  owner = await connect(await vireod.httpUrl());
  base = await vireod.httpAddress();
});
after(() => vireod.cleanUp());

type Headers = Readonly<Record<string, string>>;

const bearer = async (name: string, rights: object): Promise<Headers> => ({
  authorization: `Bearer ${(await owner.token.create({ name, ...rights })).secret}`,
});

/** The status of a request that names nothing there is and brings nonsense. */
async function statusOf({ method, path }: Route, headers: Headers): Promise<number> {
  const response = await fetch(`${base}/v1${path.replaceAll(/\{\w+\}/g, "none")}`, {
    method,
    headers: { ...headers, ...(method === "GET" ? {} : { "content-type": "application/json" }) },
    ...(method === "GET" ? {} : { body: "{ this is no JSON" }),
  });
  await response.body?.cancel();
  return response.status;
}

/** The rights that every call of it needs. */
const rightsOf = ({ access }: Operation): readonly string[] =>
  access.filter((rule) => typeof rule === "string");

async function assertRefusals(
  headers: Headers,
  isRefused: (right: string) => boolean,
): Promise<number> {
  let refusals = 0;
  for (const route of ROUTES) {
    const refused = rightsOf(route.operation).some(isRefused);
    const status = await statusOf(route, headers);
    assert.equal(status === 403, refused, `${route.operation.name}: ${status}`);
    refusals += Number(refused);
  }
  return refusals;
}

test("access: without a name every route answers 401, whatever is sent", async () => {
  for (const route of ROUTES) assert.equal(await statusOf(route, {}), 401, route.operation.name);
  for (const path of ["jobs", "jobs/x", "events"])
    assert.equal((await fetch(`${base}/v1/${path}`)).status, 401);
  assert.equal(await statusOf(ROUTES[0] as Route, { authorization: "Bearer vireo_guess" }), 401);
});

test("access: a read-only token is refused every change, and nothing that only looks", async () => {
  const headers = await bearer("looks", { readOnly: true });
  const looks = (right: string): boolean => /:(getattr|read|search\w*)$/.test(right);
  const refusals = await assertRefusals(headers, (right) => !looks(right));
  const changing = ROUTES.filter(({ operation }) => operation.lane === "modify");
  assert.ok(refusals >= changing.length, `${refusals} of ${ROUTES.length}`);
  for (const { operation } of changing)
    assert.ok(
      rightsOf(operation).some((right) => !looks(right)),
      operation.name,
    );
});

test("access: a token's scopes hold on every route", async () => {
  const domains = await bearer("domains", { scopes: ["domain:*"] });
  await assertRefusals(domains, (right) => !right.startsWith("domain:"));
  const reads = await bearer("reads", { scopes: ["*:read", "network:start"] });
  await assertRefusals(reads, (right) => !right.endsWith(":read") && right !== "network:start");
});

test("access: all scopes do not make users or tokens, and unknown ones are refused", async () => {
  const all = await bearer("all", { scopes: ["*:*"] });
  await assertRefusals(all, (right) => right === "connect:manage_access");
  for (const scopes of [["domain:strat"], ["domain"], ["connect:manage_access"], [""]])
    await assert.rejects(owner.token.create({ name: "odd", scopes }), /expected a right such as/);
});

test("access: what one input needs in addition is checked as well", async () => {
  await owner.domain.define({
    xml: "<domain type='qemu'><name>d</name><memory>32768</memory><os><type>hvm</type></os></domain>",
  });
  const headers = await bearer("curious", { readOnly: true });
  const xml = async (query: string): Promise<number> =>
    (await fetch(`${base}/v1/domains/d/xml${query}`, { headers })).status;
  assert.deepEqual([await xml(""), await xml("?secure=true")], [200, 403]);
});

async function signIn(name: string, readOnly: boolean) {
  await owner.user.create({ name, password: "long enough", readOnly });
  const response = await fetch(`${base}/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: name, password: "long enough" }),
  });
  assert.equal(response.status, 201);
  const { csrf } = (await response.json()) as { csrf: string };
  return { cookie: (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "", csrf };
}

test("access: a session changes nothing without its proof, and a read-only user nothing with it", async () => {
  const ann = await signIn("ann", false);
  for (const route of ROUTES.filter(({ method }) => method !== "GET")) {
    const { name } = route.operation;
    assert.equal(await statusOf(route, { cookie: ann.cookie }), 403, name);
    const wrong = { cookie: ann.cookie, "x-csrf-token": "guess" };
    assert.equal(await statusOf(route, wrong), 403, name);
    const proven = { cookie: ann.cookie, "x-csrf-token": ann.csrf };
    assert.notEqual(await statusOf(route, proven), 403, name);
  }
  const bob = await signIn("bob", true);
  const headers = { cookie: bob.cookie, "x-csrf-token": bob.csrf };
  const looks = (right: string): boolean => /:(getattr|read|search\w*)$/.test(right);
  await assertRefusals(headers, (right) => !looks(right));
  const stolen = { cookie: ann.cookie, "x-csrf-token": bob.csrf };
  const end = await fetch(`${base}/v1/session`, { method: "DELETE", headers: stolen });
  assert.equal(end.status, 403, "another session's proof is none");
});

test("access: events are those that a token may hear of", async () => {
  const headers = await bearer("networks", { scopes: ["network:*"] });
  const response = await fetch(`${base}/v1/events`, { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const net = "<network><name>seen</name></network>";
  let text = (await reader?.read())?.value ?? "";
  await owner.domain.undefine({ domain: { name: "d" } });
  await owner.network.define({ xml: net });
  while (!text.includes("event: network")) text += (await reader?.read())?.value ?? "";
  assert.doesNotMatch(text, /event: domain/);
  await reader?.cancel();
  await owner.network.undefine({ network: { name: "seen" } });
});

test("access: the local socket is its owner's", () => {
  const { mode } = statSync(join(vireod.root, "run/vireo-http-sock"));
  assert.equal(mode & 0o077, 0);
  assert.equal(statSync(join(vireod.root, "lib/access/access.json")).mode & 0o077, 0);
  const kept = readFileSync(join(vireod.root, "lib/access/access.json"), "utf8");
  assert.match(kept, /"scrypt\$32768\$/);
  assert.doesNotMatch(kept, /vireo_|long enough/);
});

test("access: with a certificate the line is encrypted, and the cookie stays on it", async () => {
  const encrypted = new Vireod();
  const [key, cert] = ["key.pem", "cert.pem"].map((file) => join(encrypted.root, file));
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split(" ");
  execFileSync("openssl", [...kind, "-keyout", String(key), "-out", String(cert), ...subject], {
    stdio: "ignore",
  });
  const served = new Vireod(encrypted.root, [
    "--http",
    "127.0.0.1:0",
    "--http-tls",
    `${key},${cert}`,
  ]);
  try {
    await served.start();
    const { port } = new URL(await served.httpAddress());
    const local = await connect(await served.httpUrl());
    await local.user.create({ name: "eve", password: "long enough" });
    const ask = (ca: string | undefined): Promise<{ status: number; cookie: string }> =>
      new Promise((resolve, reject) => {
        const headers = { "content-type": "application/json" };
        const to = { host: "127.0.0.1", port, path: "/v1/session", method: "POST", headers };
        const sent = request({ ...to, ...(ca === undefined ? {} : { ca }) }, (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode ?? 0, cookie: String(answer.headers["set-cookie"]) });
        });
        sent.on("error", reject);
        sent.end(JSON.stringify({ user: "eve", password: "long enough" }));
      });
    const { status, cookie } = await ask(readFileSync(String(cert), "utf8"));
    assert.equal(status, 201);
    assert.match(cookie, /; Secure/);
    await assert.rejects(ask(undefined), /self-signed certificate/);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/v1/session`));
  } finally {
    await served.cleanUp();
  }
});
