/** The document at /v1/openapi.json, judged by a validator that is not ours. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { addressOf } from "@vireo/sdk/http/address";
import { ROUTES } from "@vireo/model/operation/route";
import { Vireod } from "../harness/vireod.ts";

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId?: string; responses?: object }>>;
  components: { schemas: Record<string, object> };
}

const vireod = new Vireod();
let text: string;

before(async () => {
  await vireod.start();
  const { send } = await addressOf(await vireod.httpUrl());
  text = await (await send("/v1/openapi.json", {})).text();
});
after(() => vireod.cleanUp());

const read = (): Document => JSON.parse(text) as Document;

test("openapi: an outside validator finds it to be valid 3.1, every reference included", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate({ ...read() });
  assert.ok(valid, `the validator: ${JSON.stringify(errors)}`.slice(0, 2000));
  assert.equal(validator.version, "3.1");
  assert.ok(validator.resolveRefs());
});

test("openapi: the validator would tell", async () => {
  const broken = read();
  const [path = ""] = Object.keys(broken.paths);
  for (const item of Object.values(broken.paths[path] ?? {})) item.responses = { twohundred: {} };
  assert.equal((await new Validator().validate({ ...broken })).valid, false);
});

test("openapi: every operation is in it exactly once", () => {
  const ids = Object.values(read().paths)
    .flatMap((item) => Object.values(item).map(({ operationId }) => operationId))
    .filter((id) => id !== undefined);
  assert.equal(new Set(ids).size, ids.length, "no id stands twice");
  const ofDoor = ids.filter((id) => /^(session|job|event|stream|daemon)\./.test(id));
  const others = ids.filter((id) => !ofDoor.includes(id));
  assert.deepEqual(others.toSorted(), ROUTES.map(({ operation }) => operation.name).toSorted());
  assert.equal(ofDoor.length, 9);
});

test("openapi: every reference leads to a schema", () => {
  const known = new Set(Object.keys(read().components.schemas));
  const references = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)];
  assert.ok(references.length > ROUTES.length);
  for (const [, name = ""] of references) assert.ok(known.has(name), `$ref to '${name}'`);
});
