/** Requests made from the list of operations: nothing that a client sends may fell the daemon or earn an undeclared 5xx. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import { addressOf } from "@vireo/sdk/http/address";
import type { Address } from "@vireo/sdk/http/send";
import { ERRORS } from "@vireo/model/error-catalogue";
import { ROUTES, type Route } from "@vireo/model/operation/route";
import type { JsonSchema } from "@vireo/model/operation/value";
import { Vireod } from "../harness/vireod.ts";

const vireod = new Vireod();
let address: Address;
let client: HttpClient;

before(async () => {
  await vireod.start();
  const url = await vireod.httpUrl();
  address = await addressOf(url);
  client = await connect(url);
});
after(() => vireod.cleanUp());

/** What would act on this machine beyond the daemon's root. */
const OUTSIDE = /^(storagePool|network|networkPort|nwfilterBinding|hostInterface|nodeDevice)\./;
const READS = /\.(list|lookup|info|xml|state|volumes|leases|capabilities)$/;
const isSafe = ({ operation }: Route): boolean =>
  operation.stream === undefined &&
  (!OUTSIDE.test(operation.name) || READS.test(operation.name)) &&
  !/^connect\.(suspend|setMemoryParameters|allocPages)/.test(operation.name);

const odd = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
  fc.object({ maxDepth: 2 }),
);

/** Mostly what the schema asks for. */
function fitting(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
  const options = schema["anyOf"] ?? schema["enum"];
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(options as unknown[]));
  if (Array.isArray(schema["anyOf"]))
    return fc.oneof(...(options as JsonSchema[]).map((one) => fitting(one, name)));
  switch (schema["type"]) {
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: Math.max(0, Number(schema["minimum"] ?? 0)), max: 1_000_000 });
    case "array":
      return fc.array(fitting((schema["items"] ?? {}) as JsonSchema, name), { maxLength: 3 });
    case "object":
      return fc.record(
        Object.fromEntries(
          Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>).map(
            ([key, one]) => [key, fitting(one, key)],
          ),
        ),
      );
    default:
      return name === "xml"
        ? fc.oneof(
            fc.string({ maxLength: 60 }),
            fc.constant("<domain type='qemu'><name>x</name></domain>"),
          )
        : fc.oneof(fc.constant("guest"), fc.string({ maxLength: 20 }));
  }
}

const request = (route: Route) =>
  fc.record({
    reference: fc.oneof(fc.constant("guest"), fc.string({ minLength: 1, maxLength: 30 })),
    fields: fc.record(
      Object.fromEntries(
        Object.entries(route.fields).map(([name, schema]) => [
          name,
          fc.oneof({ weight: 5, arbitrary: fitting(schema, name) }, { weight: 1, arbitrary: odd }),
        ]),
      ),
      { requiredKeys: [] },
    ),
  });

const declared = new Set<number>(Object.values(ERRORS).map(({ http }) => http));
const DEADLINE_MS = 20_000;

async function ask(route: Route, reference: string, fields: object): Promise<Response> {
  const path = `/v1${route.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(reference))}`;
  const signal = AbortSignal.timeout(DEADLINE_MS);
  if (!route.query)
    return address.send(path, {
      method: route.method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fields),
      signal,
    });
  const query = Object.entries(fields).map(
    ([name, value]) => `${name}=${encodeURIComponent(String(value))}`,
  );
  return address.send(`${path}?${query.join("&")}`, { method: route.method, signal });
}

test("http: generated requests are answered as declared, and the daemon lives", async () => {
  const pid = vireod.pid;
  for (const route of ROUTES.filter(isSafe))
    await fc.assert(
      fc.asyncProperty(request(route), async ({ reference, fields }) => {
        const response = await ask(route, reference, fields);
        const body = await response.text();
        const what = `${route.operation.name} ${JSON.stringify(fields)}: ${response.status} ${body}`;
        if (response.status < 400) return;
        assert.ok(declared.has(response.status), what);
        assert.match(
          response.headers.get("content-type") ?? "",
          /^application\/problem\+json/,
          what,
        );
        // an internal error that is ours, not libvirt's wording of the caller's mistake
        assert.doesNotMatch(body, /TypeError|is not a function|Cannot read prop|undefined/, what);
      }),
      { numRuns: 12 },
    );
  assert.equal(vireod.pid, pid);
  assert.equal((await client.connect.type()).length > 0, true);
});
