import assert from "node:assert/strict";
import { test } from "node:test";
import { comfort } from "./answer.ts";
import { formatAnswer } from "./output.ts";

const answer = { data: { id: 1n, big: 2n ** 60n, name: "ä" }, text: comfort("done\n") };

test("output: text is the command's own, and quiet leaves comfort out", async () => {
  assert.equal(await formatAnswer(answer, "text", { quiet: false }), "done\n");
  assert.equal(await formatAnswer(answer, "text", { quiet: true }), "");
});

test("output: json and yaml keep big numbers exact", async () => {
  const json: unknown = JSON.parse(await formatAnswer(answer, "json", { quiet: true }));
  assert.deepEqual(json, { id: 1, big: "1152921504606846976", name: "ä" });
  assert.equal(
    await formatAnswer(answer, "yaml", { quiet: true }),
    'id: 1\nbig: "1152921504606846976"\nname: ä\n',
  );
});
