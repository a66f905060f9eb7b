import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import { domainXml } from "./domain-xml.ts";

test("domain xml: what was wished for is what a daemon reads", () => {
  const xml = domainXml({
    name: "a<b",
    memoryMiB: 64,
    vcpus: 2,
    type: "qemu",
    disks: [
      {
        type: "file",
        device: "disk",
        driver: { name: "qemu", type: "qcow2" },
        source: { file: "/images/a&b.qcow2" },
        target: { dev: "vda", bus: "virtio" },
      },
    ],
    interfaces: [{ type: "network", source: { network: "default" }, model: { type: "virtio" } }],
    more: { title: "web" },
  });
  const { domain } = parseDomain(xml);
  assert.deepEqual([domain.name, domain.title, domain.vcpu?.count], ["a<b", "web", 2]);
  assert.match(xml, /<source file='\/images\/a&amp;b\.qcow2'\/>/);
  assert.match(xml, /<source network='default'\/>/);
  assert.match(xml, /<serial type='pty'\/>/);
});

test("domain xml: a wish that makes no sense is refused with its place", () => {
  assert.throws(
    () => domainXml({ name: "x", memoryMiB: 64, more: { clock: { offset: "noon" } } }),
    (error) => isError(error, "xmlError") && error.message.includes("offset"),
  );
});
