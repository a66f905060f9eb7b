import assert from "node:assert/strict";
import { test } from "node:test";
import { imageIn, imagesIn } from "./held-image.ts";

const blockdev = (props: object) => ({
  option: "-blockdev",
  value: JSON.stringify(props),
  origin: "",
});

test("held images: files and devices of block nodes and of the kernel, no firmware, no formats, no servers", () => {
  const args = [
    blockdev({ driver: "file", filename: "/i/a", "node-name": "libvirt-1-storage" }),
    blockdev({ driver: "qcow2", file: "libvirt-1-storage", "node-name": "libvirt-1-format" }),
    blockdev({ driver: "host_device", filename: "/dev/vg/b", "node-name": "libvirt-2-storage" }),
    blockdev({
      driver: "nbd",
      server: { type: "unix", path: "/s" },
      "node-name": "libvirt-3-storage",
    }),
    blockdev({ driver: "file", filename: "/usr/fw", "node-name": "libvirt-pflash0-storage" }),
    { option: "-kernel", value: "/boot/k", origin: "" },
  ];
  assert.deepEqual(imagesIn({ args }), [
    { path: "/i/a", node: "libvirt-1-storage" },
    { path: "/dev/vg/b", node: "libvirt-2-storage" },
    { path: "/boot/k", node: "-kernel" },
  ]);
});

test("held images: what commands of the monitor open or make", () => {
  const options = { driver: "file", filename: "/i/new", size: 1 };
  assert.deepEqual(imageIn("blockdev-create", { "job-id": "j", options }), {
    path: "/i/new",
    node: "j",
  });
  assert.deepEqual(imageIn("dump-guest-memory", { protocol: "file:/t/core" })?.path, "/t/core");
  assert.equal(imageIn("dump-guest-memory", { protocol: "fd:core" }), undefined);
  assert.equal(imageIn("query-block"), undefined);
});
