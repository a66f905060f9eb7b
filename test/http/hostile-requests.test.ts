/** What no honest client sends: the daemon answers or hangs up, stays alive and stays small. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import { ERRORS } from "@vireo/model/error-catalogue";
import { ROUTES, type Route } from "@vireo/model/operation/route";
import { emptyXml } from "../harness/domain-xml.ts";
import { resident } from "../harness/resident.ts";
import { Vireod } from "../harness/vireod.ts";

const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
let client: HttpClient;
let base: string;
let token: string;
const MIB = 1 << 20;
const GROWTH_LIMIT = 150 * MIB;
const GIVE_UP_MS = 60_000;
/** Nothing of a refusal takes long, even on a busy host. */
const SLOW_MS = 10_000;

before(async () => {
  await vireod.start();
  client = await connect(await vireod.httpUrl());
  base = await vireod.httpAddress();
  token = (await client.token.create({ name: "hostile" })).secret;
  await client.domain.define({ xml: emptyXml("guest") });
});
after(() => vireod.cleanUp());

const declared = new Set<number>(Object.values(ERRORS).map(({ http }) => http));
/** What HTTP itself has beside the catalogue: too long, too large, of an unknown kind ... */
const BY_HTTP = new Set([400, 404, 405, 406, 408, 413, 414, 415, 417, 426, 431]);

async function alive(): Promise<void> {
  assert.equal((await client.connect.type()).length > 0, true);
}

/** Bytes as they are; resolves with all that comes back before the line ends. */
async function raw(bytes: string | Buffer, { end = true } = {}): Promise<string> {
  const { port } = new URL(base);
  const socket = connectSocket(Number(port), "127.0.0.1");
  let text = "";
  socket.on("data", (piece: Buffer) => (text += piece.toString("latin1")));
  socket.on("error", () => undefined);
  socket.write(bytes);
  if (end) socket.end();
  const timer = setTimeout(() => socket.destroy(), GIVE_UP_MS);
  await new Promise((resolve) => socket.once("close", resolve));
  clearTimeout(timer);
  return text;
}

const statusIn = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

const head = (line: string, headers: readonly string[] = []): string =>
  [line, "Host: x", `Authorization: Bearer ${token}`, "Connection: close", ...headers, "", ""].join(
    "\r\n",
  );

test("hostile: heads that are no HTTP, or too much of it", async () => {
  const heads = [
    "\0\0\0\0",
    "GET\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", // TLS on a clear line
    head("GET /v1/domains HTTP/1.1", [`X-Long: ${"x".repeat(70_000)}`]),
    head(
      "GET /v1/domains HTTP/1.1",
      Array.from({ length: 3000 }, (_, i) => `X-${i}: 1`),
    ),
    head(`GET /v1/domains/${"a".repeat(60_000)} HTTP/1.1`),
    head("GET /v1/domains HTTP/1.1", ["Transfer-Encoding: chunked", "Content-Length: 5"]),
    head("GET /v1/domains HTTP/1.1", ["Content-Length: -1"]),
    head("GET /v1/domains HTTP/1.1", ["Content-Length: 1", "Content-Length: 2"]),
    `${head("POST /v1/domains HTTP/1.1", ["Transfer-Encoding: chunked", "Content-Type: application/json"])}zz\r\n`,
    `${head("POST /v1/domains HTTP/1.1", ["Transfer-Encoding: chunked", "Content-Type: application/json"])}ffffffffffffffff\r\n`,
    head("TRACE /v1/domains HTTP/1.1"),
    head("CONNECT x:1 HTTP/1.1"),
    head("GET /v1/events HTTP/1.1", ["Upgrade: websocket", "Connection: Upgrade"]),
    head("GET /v1/domains HTTP/1.1", [
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: short",
    ]),
    head("GET /v1/streams/%00 HTTP/1.1", ["Upgrade: h2c", "Connection: Upgrade"]),
    head("OPTIONS * HTTP/1.1"),
    head("GET //////v1//domains HTTP/1.1"),
    head("GET /v1/domains/..%2f..%2fetc HTTP/1.1"),
    head("GET /v1/domains/%zz HTTP/1.1"),
    head("GET /v1/domains/%00/xml HTTP/1.1"),
    head("GET /assets/..%2f..%2f..%2fpackage.json HTTP/1.1"),
    head("GET http://elsewhere/v1/domains HTTP/1.1"),
  ];
  for (const text of heads) {
    const answer = await raw(text);
    const status = statusIn(answer);
    const what = `${JSON.stringify(text.slice(0, 80))}: ${answer.slice(0, 200)}`;
    assert.ok(status === 0 || status < 500, what);
    assert.doesNotMatch(answer, /"devDependencies"/, what);
  }
  await alive();
});

type Body = string | Uint8Array<ArrayBuffer>;
type Sent = Readonly<Record<string, string>>;

async function post(path: string, body: Body, headers: Sent): Promise<Response> {
  return fetch(`${base}${path}`, {
    method: "POST",
    body,
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: AbortSignal.timeout(GIVE_UP_MS),
  });
}

const JSON_TYPE = { "content-type": "application/json" };
const XML_TYPE = { "content-type": "application/xml" };

async function kindOf(response: Response): Promise<string> {
  assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
  return `${response.status} ${((await response.json()) as { kind: string }).kind}`;
}

test("hostile: bodies of the wrong kind, size, depth and shape are refused as the caller's mistake", async () => {
  const deep = `{"xml":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  const deepXml = `${"<a>".repeat(200_000)}${"</a>".repeat(200_000)}`;
  const cases: readonly (readonly [string, Body, Sent, string])[] = [
    ["no kind", "xml", { "content-type": "text/plain" }, "415 invalidArg"],
    ["unknown kind", "xml", { "content-type": "application/x-unknown" }, "415 invalidArg"],
    ["a broken kind", "xml", { "content-type": ";;;" }, "415 invalidArg"],
    ["no JSON", "{", JSON_TYPE, "400 invalidArg"],
    ["JSON that is no object", "[1]", JSON_TYPE, "400 invalidArg"],
    ["a text", '"x"', JSON_TYPE, "400 invalidArg"],
    ["null", "null", JSON_TYPE, "400 invalidArg"],
    ["nothing", "", JSON_TYPE, "400 invalidArg"],
    ["another type", '{"xml":5}', JSON_TYPE, "400 invalidArg"],
    ["a prototype", '{"__proto__":{"xml":"x"}}', JSON_TYPE, "400 invalidArg"],
    ["a constructor", '{"constructor":{"prototype":{"x":1}}}', JSON_TYPE, "400 invalidArg"],
    ["an unknown field", '{"xml":"<a/>","no":1}', JSON_TYPE, "400 invalidArg"],
    ["deep JSON", deep, JSON_TYPE, "400 invalidArg"],
    [
      "deep document",
      `{"document":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
      JSON_TYPE,
      "400 invalidArg",
    ],
    [
      "lists in a document",
      `{"document":${"[".repeat(150)}${"]".repeat(150)}}`,
      JSON_TYPE,
      "400 xmlError",
    ],
    [
      "another document",
      '{"document":{"devices":{"disks":[{"no":1}]}}}',
      JSON_TYPE,
      "400 xmlError",
    ],
    ["no XML", "<domain", XML_TYPE, "400 xmlDetail"],
    ["deep XML", deepXml, XML_TYPE, "400 xmlDetail"],
    [
      "an entity",
      '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><domain>&e;</domain>',
      XML_TYPE,
      "400 xmlDetail",
    ],
    ["bytes", Buffer.from([0xff, 0xfe, 0, 1]), XML_TYPE, "400 xmlDetail"],
  ];
  // refused by what it announces; not a byte of it is read
  const large = ["Content-Type: application/xml", `Content-Length: ${17 * MIB}`];
  assert.equal(statusIn(await raw(head("POST /v1/domains HTTP/1.1", large), { end: false })), 413);
  const answers: (readonly [string, string])[] = [];
  for (const [what, body, headers] of cases) {
    const begin = performance.now();
    answers.push([what, await kindOf(await post("/v1/domains", body, headers))]);
    const took = performance.now() - begin;
    assert.ok(took < SLOW_MS, `${what} took ${took} ms`);
  }
  assert.deepEqual(
    answers,
    cases.map(([what, , , expected]) => [what, expected]),
  );
  await alive();
});

test("hostile: a body that is cut off, or comes in drops, holds nobody up", async () => {
  const line = "POST /v1/domains HTTP/1.1";
  for (const part of ["", "{", '{"xml":"<dom'])
    await raw(`${head(line, ["Content-Type: application/json", "Content-Length: 1000"])}${part}`);
  const { port } = new URL(base);
  const idle = Array.from({ length: 100 }, () => {
    const socket = connectSocket(Number(port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(head(line, ["Content-Type: application/json", "Content-Length: 100000"]));
    return socket;
  });
  await Promise.all(idle.map((socket) => once(socket, "connect")));
  await alive();
  for (const socket of idle) socket.destroy();
  await alive();
});

test("hostile: odd conditions and ranges do no harm, and a wrong revision changes nothing", async () => {
  const at = "/v1/domains/guest";
  const headers = { authorization: `Bearer ${token}` };
  for (const value of ["*", '""', "W/", '"', "x".repeat(5000), '"a", "b"']) {
    const answer = await fetch(`${base}${at}/xml`, {
      headers: { ...headers, "if-none-match": value },
    });
    assert.ok([200, 304].includes(answer.status), value.slice(0, 20));
    await answer.body?.cancel();
    const changed = await post(`${at}/apply`, emptyXml("guest"), {
      ...XML_TYPE,
      "if-match": value,
    });
    assert.equal(changed.status, 409, value.slice(0, 20));
    await changed.body?.cancel();
  }
  const others: readonly Sent[] = [
    { range: "bytes=5-1" },
    { accept: "application/pdf" },
    { accept: ";q=2,,," },
    { prefer: "respond-async; wait=-1" },
    { "last-event-id": "x-99999999999999999999" },
    { cookie: "vireo-session=../../../etc; ;;;=" },
    { "x-forwarded-for": "127.0.0.1" },
    { "content-encoding": "gzip" },
  ];
  for (const extra of others) {
    const answer = await fetch(`${base}${at}/xml`, { headers: { ...headers, ...extra } });
    assert.equal(answer.status, 200, JSON.stringify(extra));
    await answer.body?.cancel();
  }
});

test("hostile: documents go in and out as JSON and XML, and mean the same", async () => {
  const at = "/v1/domains/guest/xml?inactive=true";
  const read = async (accept: string): Promise<Response> =>
    fetch(`${base}${at}`, { headers: { authorization: `Bearer ${token}`, accept } });
  const before = await (await read("application/xml")).text();
  const json: unknown = await (await read("application/json")).json();
  const asJson = await post("/v1/domains", JSON.stringify({ document: json }), JSON_TYPE);
  assert.equal(asJson.status, 200);
  assert.equal(await (await read("application/xml")).text(), before);
  const asXml = await post("/v1/domains", before, {
    "content-type": "application/xml; charset=utf-8",
  });
  assert.equal(asXml.status, 200);
  assert.deepEqual(await (await read("application/json")).json(), json);
});

test("hostile: networks and pools mean the same in JSON and XML", async () => {
  const pool = "<pool type='dir'><name>both</name><target><path>/nowhere</path></target></pool>";
  const network = "<network><name>both</name><ip address='192.168.77.1' prefix='24'/></network>";
  for (const [collection, xml] of [
    ["networks", network] as const,
    ["storage-pools", pool] as const,
  ]) {
    assert.equal((await post(`/v1/${collection}`, xml, XML_TYPE)).status, 200, collection);
    const read = async (accept: string): Promise<string> => {
      const headers = { authorization: `Bearer ${token}`, accept };
      return (await fetch(`${base}/v1/${collection}/both/xml`, { headers })).text();
    };
    const before = await read("application/xml");
    const document: unknown = JSON.parse(await read("application/json"));
    const again = await post(`/v1/${collection}`, JSON.stringify({ document }), JSON_TYPE);
    assert.equal(again.status, 200, await again.text());
    assert.equal(await read("application/xml"), before, collection);
  }
});

/**
 * What would act on this machine without being told much. Everything else needs a document, or the name of
 * something that is there, and gets neither.
 */
const OUTSIDE = new Set([
  "connect.suspend",
  "connect.setMemoryParameters",
  "connect.allocatePages",
  "hostInterface.beginChange",
  "hostInterface.commitChange",
  "hostInterface.rollbackChange",
]);
const isSafe = ({ operation: { name } }: Route): boolean => !OUTSIDE.has(name);

const oddText = fc.oneof(
  fc.constantFrom("", "null", "-1", "%", "..", "a".repeat(3000), "guest", "\u0000", "🙂", "'\"<>&"),
  fc.string({ maxLength: 30, unit: "binary" }),
);
const oddBody = fc.oneof(
  fc.json(),
  fc.object().map((body) => JSON.stringify(body)),
  fc.constantFrom("<domain/>", "<domain type='qemu'><name>x</name></domain>", "{}", "[]", "\0"),
  fc.uint8Array({ maxLength: 200 }),
);
const oddHeaders = fc.record(
  {
    "content-type": fc.constantFrom(
      "application/json",
      "application/xml",
      "application/octet-stream",
      "text/xml",
      "multipart/form-data",
      "application/json; charset=utf-7",
    ),
    accept: fc.constantFrom("application/json", "application/xml", "*/*", "image/png", ""),
    prefer: fc.constantFrom("respond-async", "return=minimal"),
    "if-match": fc.constantFrom("*", '"x"', 'W/"x"'),
    "if-none-match": fc.constantFrom("*", '"x"'),
  },
  { requiredKeys: [] },
);

async function asked(
  { method, path }: Route,
  { text, body, headers }: { text: string; body: Body; headers: Sent },
): Promise<Response> {
  const at = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(text).slice(0, 4000) || "x");
  const query = `?${encodeURIComponent(text)}=${encodeURIComponent(text)}&limit=${encodeURIComponent(text)}`;
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  return fetch(`${base}/v1${at}${method === "GET" ? query : ""}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(method === "GET" ? {} : { body: body as Body }),
    signal,
  });
}

test("hostile: any request to any route is answered as declared, by a daemon that stays small", async (t) => {
  const before = resident(vireod.pid).now;
  const { pid } = vireod;
  const found = new Map<number, number>();
  for (const route of ROUTES.filter(isSafe))
    await fc.assert(
      fc.asyncProperty(
        fc.record({ text: oddText, body: oddBody, headers: oddHeaders }),
        async (sent) => {
          const response = await asked(route, sent as Parameters<typeof asked>[1]).catch(
            (cause: unknown) => {
              throw new Error(`${route.operation.name} was not answered`, { cause });
            },
          );
          const body = await response.text();
          const { status } = response;
          found.set(status, (found.get(status) ?? 0) + 1);
          const what = `${route.operation.name} ${JSON.stringify(sent)}: ${status} ${body}`;
          assert.ok(status < 400 || declared.has(status) || BY_HTTP.has(status), what);
          // our own bugs are told by the operation's name
          assert.doesNotMatch(body, new RegExp(`internal error: ${route.operation.name}: `), what);
        },
      ),
      { numRuns: 8 },
    );
  const growth = resident(pid).peak - before;
  t.diagnostic(
    `${[...found]
      .toSorted()
      .map(([status, n]) => `${status}: ${n}`)
      .join(", ")}`,
  );
  t.diagnostic(`memory grew by ${Math.round(growth / MIB)} MiB at most`);
  assert.equal(vireod.pid, pid);
  assert.ok(growth < GROWTH_LIMIT, `${growth} bytes more`);
  await alive();
});

test("hostile: many requests on one line cost no memory that stays", async (t) => {
  const one = async (): Promise<void> => void (await client.domain.list());
  for (let i = 0; i < 500; i++) await one();
  const before = resident(vireod.pid).now;
  for (let i = 0; i < 3000; i++) await one();
  const growth = resident(vireod.pid).now - before;
  t.diagnostic(`memory grew by ${(growth / MIB).toFixed(1)} MiB`);
  assert.ok(growth < 40 * MIB, `${growth} bytes more`);
  assert.doesNotMatch(vireod.log.join("\n"), /MaxListenersExceededWarning/);
});
