import assert from "node:assert/strict";
import { test } from "node:test";
import { diff } from "./diff.ts";
import { element, lazy } from "./element.ts";
import type { Element } from "./declaration.ts";
import { jsonSchema } from "./json-schema.ts";
import { markdown } from "./markdown.ts";
import { attr, child, children, choice, discriminant, flag, requiredAttr, text } from "./member.ts";
import { onOff, string, uint } from "./scalar.ts";

interface Layer {
  readonly file: string;
  readonly below?: Layer;
}
const Layer: Element<Layer> = element("layer", "A layer.", {
  file: requiredAttr(string, { doc: "Path." }),
  below: child(
    lazy((): Element<Layer> => Layer),
    { name: "below", doc: "Next." },
  ),
});
const Disk = element("disk", "A disk.", {
  type: discriminant(["file", "dir"], { doc: "Kind." }),
  path: choice({
    file: attr(string, { doc: "Image." }),
    dir: requiredAttr(string, { doc: "Directory." }),
  }),
  size: attr(uint, { doc: "Size.", default: 1 }),
  cache: attr(onOff, { doc: "Cache.", show: "live" }),
  readOnly: flag({ name: "readonly", doc: "Read-only." }),
  serial: text(string, { doc: "Serial." }),
  layers: children(Layer, { doc: "Layers." }),
});

test("jsonSchema: one shape per value of the discriminant; recursion through $defs", () => {
  const schema = JSON.parse(JSON.stringify(jsonSchema(Disk))) as {
    oneOf: { properties: Record<string, unknown>; required: string[] }[];
    $defs: Record<string, unknown>;
  };
  assert.deepEqual(
    schema.oneOf.map(({ properties, required }) => [properties["type"], required]),
    [
      [{ description: "Kind.", const: "file" }, ["type"]],
      [{ description: "Kind.", const: "dir" }, ["type", "path"]],
    ],
  );
  assert.deepEqual(Object.keys(schema.$defs), ["layer"]);
});

test("markdown: a row per member, small elements inside what holds them", () => {
  const text = markdown(Disk);
  assert.match(text, /^### \/disk\n/);
  assert.match(text, /\| `@path` when `dir` \| a string \| Directory\. Required\. \|/);
  assert.match(text, /\| `@size` \| .* \| Size\. Default: `1`\. \|/);
  assert.match(text, /Cache\. Only of a running domain\./);
});

test("markdown: an element that contains itself is described once, and led to", () => {
  const text = markdown(Disk);
  assert.equal(text.match(/^### \/disk\/layer$/gm)?.length, 1);
  assert.match(text, /\| `layer` \| \[any number of elements\]\(#disklayer\) \|/);
  assert.match(text, /\| `below` \| \[an element\]\(#disklayer\) \|/);
});

test("diff: names the places that changed", () => {
  const before = { type: "file", path: "/a", layers: [{ file: "x" }] } as const;
  const after = {
    type: "file",
    path: "/b",
    readOnly: true,
    layers: [{ file: "x", below: { file: "y" } }],
  } as const;
  assert.deepEqual(diff(Disk, before, before), []);
  assert.deepEqual(diff(Disk, before, after), [
    { path: "path", before: "/a", after: "/b" },
    { path: "readOnly", before: undefined, after: true },
    { path: "layers/0/below", before: undefined, after: { file: "y" } },
  ]);
  assert.equal(diff(Disk, before, { type: "dir", path: "/a" }).length, 1);
});
