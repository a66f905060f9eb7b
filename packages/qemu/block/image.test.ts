import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { chainOf, type Image, imageNodes } from "./image.ts";

const image: Image = {
  source: { type: "file", path: "/a" },
  format: "qcow2",
  storageNode: "libvirt-1-storage",
  formatNode: "libvirt-1-format",
  sliceNode: "libvirt-1-slice-sto",
  readOnly: false,
  objects: {},
  backing: "unknown",
};

const format = (more: Partial<Image>) => imageNodes({ ...image, ...more }).at(-1);

test("image: storage below, format above", () => {
  assert.deepEqual(imageNodes({ ...image, cache: "none", io: "native" }), [
    {
      driver: "file",
      filename: "/a",
      aio: "native",
      "node-name": "libvirt-1-storage",
      cache: { direct: true, "no-flush": false },
      "auto-read-only": true,
      discard: "unmap",
    },
    {
      "node-name": "libvirt-1-format",
      "read-only": false,
      cache: { direct: true, "no-flush": false },
      driver: "qcow2",
      file: "libvirt-1-storage",
    },
  ]);
});

test("image: a chain that is known to end says so, raw images have none", () => {
  assert.equal(format({ backing: "terminated" })?.["backing"], null);
  assert.equal("backing" in (format({ backing: "unknown" }) ?? {}), false);
  assert.equal("backing" in (format({ format: "raw", backing: "terminated" }) ?? {}), false);
});

test("image: a slice narrows raw data itself, other formats by a node between", () => {
  const slice = { offset: 10, size: 20 };
  assert.equal(imageNodes({ ...image, format: "raw", slice }).length, 2);
  assert.equal(format({ format: "raw", slice })?.["offset"], 10);
  const nodes = imageNodes({ ...image, slice });
  assert.equal(nodes.length, 3);
  assert.equal(nodes[2]?.["file"], "libvirt-1-slice-sto");
});

test("image: who deciphers decides where the key goes", () => {
  const objects = { encryptionSecret: "key" };
  const encryption = { format: "luks", engine: "qemu" } as const;
  assert.deepEqual(format({ encryption, objects })?.["encrypt"], {
    format: "luks",
    "key-secret": "key",
  });
  const raw = format({ format: "raw", encryption, objects });
  assert.equal(raw?.["driver"], "luks");
  assert.equal(raw["key-secret"], "key");
});

test("image: unmapping zeroes needs discard", () => {
  assert.equal(format({ detectZeroes: "unmap" })?.["detect-zeroes"], "on");
  assert.equal(format({ detectZeroes: "unmap", discard: "unmap" })?.["detect-zeroes"], "unmap");
});

test("image: node names longer than QEMU takes are refused", () => {
  assert.throws(
    () => imageNodes({ ...image, formatNode: "x".repeat(32) }),
    (error) => isError(error, "internalError"),
  );
});

test("image: a chain is listed from its end", () => {
  const base: Image = { ...image, formatNode: "base", backing: "terminated" };
  assert.deepEqual(
    chainOf({ ...image, backing: base }).map(({ formatNode }) => formatNode),
    ["base", "libvirt-1-format"],
  );
});
