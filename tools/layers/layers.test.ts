import assert from "node:assert/strict";
import { test } from "node:test";
import { findCycles } from "./find-cycles.ts";
import { importsOf } from "./import-scanner.ts";
import { whyNotFile, whyNotModule } from "./layer-rules.ts";

test("imports: every form is found, in order, and comments and texts are not", () => {
  const source = [
    'import { a } from "./a.ts";',
    "import type {",
    "  B,",
    '} from "./b.ts";',
    'export { c } from "./c.ts";',
    'import "./d.ts";',
    '// import { x } from "./no.ts";',
    '/* export { x } from "./no.ts"; */',
    'const text = `\nimport "./no.ts";\n`;',
    'const e = await import("./e.ts");',
    'type F = import("./f.ts").F;',
  ].join("\n");
  assert.deepEqual(importsOf(source), ["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts"]);
});

const daemon = (path: string): string => `packages/daemon/${path}`;

for (const [from, to, why] of [
  ["packages/model/uuid.ts", "packages/rpc/packet.ts", /model may not import rpc/],
  ["packages/cli/table.ts", "packages/daemon/main.ts", /cli may not import daemon/],
  ["packages/qemu/plug.ts", "packages/model/uuid.ts", undefined],
  ["packages/qemu/plug.ts", "tools/demo.ts", /packages import packages only/],
  [daemon("host/file.ts"), daemon("state/kept-file.ts"), /host may not import state/],
  [daemon("state/kept-file.ts"), daemon("event/event-bus.ts"), /state may not import event/],
  [daemon("driver/qemu/start.ts"), daemon("driver/contract.ts"), undefined],
  [daemon("driver/qemu/start.ts"), daemon("driver/storage/pool.ts"), /never imports another/],
  [daemon("driver/contract.ts"), daemon("driver/qemu/start.ts"), /never imports another/],
  [daemon("door/rpc/wire.ts"), daemon("driver/qemu/start.ts"), /may not know the qemu driver/],
  [daemon("api/api.ts"), daemon("options.ts"), /only the daemon's root/],
  [daemon("main.ts"), daemon("driver/qemu/start.ts"), undefined],
] as const)
  test(`layers: ${from} -> ${to}`, () => {
    const answer = whyNotFile(from, to);
    if (why === undefined) assert.equal(answer, undefined);
    else assert.match(answer ?? "", why);
  });

test("modules: the model is pure and koffi stays in the host", () => {
  assert.match(whyNotModule("packages/model/uuid.ts", "node:fs") ?? "", /model is pure/);
  assert.equal(whyNotModule("packages/model/uuid.test.ts", "node:test"), undefined);
  assert.match(whyNotModule("packages/daemon/api/api.ts", "koffi") ?? "", /belongs to/);
  assert.equal(whyNotModule("packages/daemon/host/sys.ts", "koffi"), undefined);
});

test("cycles: every node that lies on one is shown, nothing for a tree", () => {
  const graph = new Map([
    ["main", ["a", "d"]],
    ["a", ["b"]],
    ["b", ["c", "a"]],
    ["c", ["a"]],
    ["d", ["e"]],
    ["e", []],
  ]);
  assert.deepEqual(findCycles(graph), [
    ["a", "b", "a"],
    ["c", "a", "b", "c"],
  ]);
  assert.deepEqual(
    findCycles(
      new Map([
        ["a", ["b"]],
        ["b", []],
      ]),
    ),
    [],
  );
  assert.deepEqual(findCycles(new Map([["a", ["a"]]])), [["a", "a"]]);
});
