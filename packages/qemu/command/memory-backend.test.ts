import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { memoryBackend, type MemoryBackendRequest } from "./memory-backend.ts";

const CONTEXT = {
  shortName: "1-a",
  memoryBackingDir: "/ram",
  hugepageMounts: [{ path: "/huge", sizeKiB: 2048 }],
};
const REQUEST: MemoryBackendRequest = { id: "m", sizeKiB: 4, fileName: "f" };
const made = (more: Partial<MemoryBackendRequest>) =>
  memoryBackend({ ...REQUEST, ...more }, CONTEXT);

test("memory: private memory needs nothing but a size", () => {
  assert.deepEqual(made({}), [{ "qom-type": "memory-backend-ram", id: "m", size: 4096 }]);
});

test("memory: shared memory lies in a file, or in a descriptor when asked", () => {
  assert.deepEqual(made({ access: "shared" }), [
    {
      "qom-type": "memory-backend-file",
      id: "m",
      "mem-path": "/ram/1-a/f",
      share: true,
      size: 4096,
    },
  ]);
  assert.equal(
    made({ access: "shared", source: "memfd" })[0]?.["qom-type"],
    "memory-backend-memfd",
  );
});

test("memory: huge pages come from their mount and are taken at once", () => {
  const [backend] = made({ hugepageKiB: 2048 });
  assert.equal(backend?.["mem-path"], "/huge/libvirt/qemu/1-a");
  assert.equal(backend["prealloc"], true);
});

test("memory: pages of a size nobody mounted are refused", () => {
  assert.throws(
    () => made({ hugepageKiB: 4096 }),
    (error) => isError(error, "internalError"),
  );
});

test("memory: allocation on host nodes is done by threads bound there", () => {
  const objects = made({ prealloc: true, hostNodes: [1], policy: "strict", threadContext: true });
  assert.deepEqual(objects[0], { "qom-type": "thread-context", id: "tc-m", "node-affinity": [1] });
  assert.equal(objects[1]?.["prealloc-context"], "tc-m");
  assert.equal(objects[1]["policy"], "bind");
});

test("memory: a restrictive policy is left to the host's control groups", () => {
  const [backend] = made({ hostNodes: [1], policy: "restrictive" });
  assert.equal("host-nodes" in (backend ?? {}), false);
});
