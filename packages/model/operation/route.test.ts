import assert from "node:assert/strict";
import { test } from "node:test";
import { inputOf, requestOf, ROUTES, routeOf, type Route } from "./route.ts";

const named = (name: string): Route => {
  const route = routeOf(name);
  assert.ok(route, name);
  return route;
};

test("route: each operation has a place of its own", () => {
  const places = ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`);
  assert.deepEqual(places.toSorted(), [...new Set(places)].toSorted());
});

const places: readonly (readonly [operation: string, place: string])[] = [
  ["domain.list", "GET /domains"],
  ["domain.lookup", "GET /domains/{domain}"],
  ["domain.define", "POST /domains"],
  ["domain.undefine", "DELETE /domains/{domain}"],
  ["domain.start", "POST /domains/{domain}/start"],
  ["domain.setAutostart", "PUT /domains/{domain}/autostart"],
  ["domain.xml", "GET /domains/{domain}/xml"],
  ["storagePool.delete", "POST /storage-pools/{pool}/delete"],
  ["storageVolume.delete", "DELETE /storage-volumes/{volume}"],
  ["storageVolume.upload", "PUT /storage-volumes/{volume}/upload"],
  ["connect.nodeInfo", "GET /host/node-info"],
  ["domainSnapshot.list", "GET /domains/{domain}/snapshots"],
  ["domainSnapshot.create", "POST /domains/{domain}/snapshots/create"],
  ["domainSnapshot.revert", "POST /domains/{domain}/snapshots/{name}/revert"],
  ["domainSnapshot.delete", "DELETE /domains/{domain}/snapshots/{name}"],
];
for (const [operation, place] of places)
  test(`route: ${operation} is ${place}`, () => {
    const { method, path } = named(operation);
    assert.equal(`${method} ${path}`, place);
  });

const inputs: readonly (readonly [operation: string, input: Readonly<Record<string, unknown>>])[] =
  [
    ["domain.lookup", { domain: { uuid: "6c9a5b6e-0000-4000-8000-00000000000a" } }],
    ["domain.lookup", { domain: { name: "a/b c?d=e&f" } }],
    ["domain.lookup", { domain: { name: "6c9a5b6e-0000-4000-8000-00000000000a" } }],
    ["domain.lookup", { domain: { id: 7 } }],
    ["domain.xml", { domain: { name: "ü" }, secure: true, inactive: false }],
    ["storageVolume.info", { volume: { pool: "default", name: "a b&c=.img" } }],
    ["domainSnapshot.xml", { domain: { id: 3 }, name: "first/one", secure: true }],
    ["storageVolume.download", { volume: { key: "/a" }, offset: 0, length: 10, sparse: true }],
  ];
for (const [operation, input] of inputs)
  test(`route: ${operation} of ${JSON.stringify(input)} comes back from its request`, () => {
    const route = named(operation);
    const { url, body = {} } = requestOf(route, input);
    const [path = "", query = ""] = url.split("?");
    const pattern = new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
    const references = Object.fromEntries(
      Object.entries(pattern.exec(path)?.groups ?? {}).map(([field, text]) => [
        field,
        decodeURIComponent(text),
      ]),
    );
    const given = [...new URLSearchParams(query)].map(([name, text]) => [name, [text]] as const);
    const back = inputOf(route, { references, query: Object.fromEntries(given), body });
    assert.deepEqual(route.operation.input.check(back, operation), input);
  });

test("route: a reference that is no text or has no field is refused", () => {
  const asked = (text: string) => () =>
    inputOf(named("domain.lookup"), { references: { domain: text }, query: {}, body: {} });
  assert.throws(asked("=x"), /is not field=value/);
  assert.throws(asked("name=%zz"), /is not percent-encoded/);
});
