import assert from "node:assert/strict";
import { test } from "node:test";
import { type ImagePlace, newDomainXml, type NewDomain } from "./new-domain.ts";

const wish: NewDomain = {
  name: "a<b",
  memoryMiB: 64,
  vcpus: 1,
  type: "qemu",
  firmware: "bios",
  network: { type: "user" },
  disks: [],
  boot: ["disk", "media"],
};
const disk: ImagePlace = { pool: "p", volume: "v.qcow2", format: "qcow2" };
const media = { path: "/i.iso", format: "raw" };
/** Kinds of what is booted, first to last. */
const booted = (more: Partial<NewDomain>): readonly string[] =>
  [
    ...newDomainXml({ ...wish, ...more }).matchAll(
      /<(disk|interface)[^>]*>(?:(?!<\/\1>).)*?<boot order='(\d)'/gs,
    ),
  ]
    .toSorted((a, b) => Number(a[2]) - Number(b[2]))
    .map(([text, kind]) => (text.includes("cdrom") ? "media" : (kind ?? "")));

test("new domain: what is chosen is booted first, the rest after it", () => {
  const disks = [disk];
  assert.deepEqual(booted({ disks, media }), ["disk", "media"]);
  assert.deepEqual(booted({ disks, media, boot: ["media", "disk"] }), ["media", "disk"]);
  assert.deepEqual(booted({ disks, boot: ["network", "disk"] }), ["interface", "disk"]);
  assert.deepEqual(booted({ media }), ["media"]);
  assert.deepEqual(booted({ network: { type: "none" }, boot: ["network"] }), []);
});

test("new domain: names are written so that they stay names", () => {
  assert.match(newDomainXml(wish), /<name>a&lt;b<\/name>/);
  const xml = newDomainXml({ ...wish, disks: [disk], network: { type: "bridge", name: "br0" } });
  assert.match(xml, /<source pool='p' volume='v\.qcow2'\/>/);
  assert.match(xml, /<source bridge='br0'\/>/);
});
