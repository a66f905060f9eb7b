import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOf, diskOf, FIRST, newDomainOf, type OfferedImage, type Wish } from "./wish.ts";

const image: OfferedImage = {
  pool: "base",
  volume: "debian.qcow2",
  path: "/base/debian.qcow2",
  format: "qcow2",
};
const wish = (more: Partial<Wish>): Wish => ({
  ...FIRST,
  from: "iso",
  name: "web1",
  pool: "fast",
  ...more,
});
const asked = (more: Partial<Wish>) =>
  actionOf(wish(more), { image, imageBytes: 5 * 1024 ** 3, xml: "<domain/>" });

test("wish: a medium needs a new volume of its size", () => {
  const { operation, input } = asked({ sizeGiB: "2" });
  assert.equal(operation, "domain.createWithVolumes");
  assert.match(JSON.stringify(input["volumes"]), /web1\.qcow2.*>2147483648</);
  assert.equal(input["start"], true);
});

test("wish: an image becomes a layer, a copy, or is used itself", () => {
  const layer = JSON.stringify(asked({ from: "image", sizeGiB: "1" }).input["volumes"]);
  assert.match(layer, /backingStore.*\/base\/debian\.qcow2/);
  assert.match(layer, />5368709120</, "not smaller than what lies below");
  const [copy] = asked({ from: "image", use: "copy" }).input["volumes"] as { from: object }[]; // one
  assert.deepEqual(copy?.from, { pool: "base", name: "debian.qcow2" });
  assert.equal(asked({ from: "image", use: "itself" }).input["volumes"], undefined);
  assert.deepEqual(diskOf(wish({ from: "image", use: "itself" }), image), {
    pool: "base",
    volume: "debian.qcow2",
    format: "qcow2",
  });
});

test("wish: a cloud image gets its user-data, and a disk for it", () => {
  const cloud = { from: "cloud", userData: "#cloud-config\n" } as const;
  assert.deepEqual(asked(cloud).input["seed"], {
    pool: "fast",
    name: "web1-seed.iso",
    userData: "#cloud-config\n",
  });
  assert.deepEqual(newDomainOf(wish(cloud), { best: "qemu", image }).seed, {
    pool: "fast",
    volume: "web1-seed.iso",
    format: "raw",
  });
});

test("wish: another domain is cloned, with layers or copies", () => {
  const domain = { domain: { name: "old" }, name: "web1" };
  assert.deepEqual(asked({ from: "template", template: "old", use: "copy" }), {
    operation: "domain.clone",
    input: domain,
  });
  assert.deepEqual(asked({ from: "template", template: "old" }).input, { ...domain, linked: true });
});

test("wish: without a pool there is no disk; the network is booted for PXE", () => {
  assert.equal(asked({ from: "pxe", pool: "" }).input["volumes"], undefined);
  const { boot, disks } = newDomainOf(wish({ from: "pxe", pool: "" }), { best: "kvm", image });
  assert.deepEqual([boot[0], disks], ["network", []]);
});
