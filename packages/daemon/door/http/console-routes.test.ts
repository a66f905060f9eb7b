import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import fastify from "fastify";
import { consoleRoutes } from "./console-routes.ts";

test("console: a page says how to build what is missing, until it is there", async (t) => {
  const dist = mkdtempSync(join(tmpdir(), "vireo-console-"));
  const server = fastify();
  t.after(async () => {
    await server.close();
    rmSync(dist, { recursive: true });
  });
  await consoleRoutes(server, dist);
  const ask = () => server.inject({ method: "GET", url: "/domains/web1" });
  const before = await ask();
  assert.equal(before.statusCode, 503);
  assert.match(before.body, /npm run build:console/);
  mkdirSync(join(dist, "assets"));
  writeFileSync(join(dist, "index.html"), "<p>the console");
  const after = await ask();
  assert.deepEqual([after.statusCode, after.body], [200, "<p>the console"]);
  assert.match(String(after.headers["content-security-policy"]), /default-src 'self'/);
});

test("console: a browser that takes compressed files gets them", async (t) => {
  const dist = mkdtempSync(join(tmpdir(), "vireo-console-"));
  const server = fastify();
  t.after(async () => {
    await server.close();
    rmSync(dist, { recursive: true });
  });
  mkdirSync(join(dist, "assets"));
  writeFileSync(join(dist, "assets/a.js"), "plain();");
  writeFileSync(join(dist, "assets/a.js.gz"), gzipSync("plain();"));
  await consoleRoutes(server, dist);
  const ask = async (headers: Record<string, string>) =>
    server.inject({ method: "GET", url: "/assets/a.js", headers });
  const small = await ask({ "accept-encoding": "gzip, br" });
  assert.equal(small.headers["content-encoding"], "gzip");
  assert.match(String(small.headers["content-type"]), /javascript/);
  assert.equal(gunzipSync(small.rawPayload).toString(), "plain();");
  const plain = await ask({});
  assert.deepEqual([plain.headers["content-encoding"], plain.body], [undefined, "plain();"]);
});
