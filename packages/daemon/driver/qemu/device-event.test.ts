import assert from "node:assert/strict";
import { test } from "node:test";
import { newsOfDeviceEvent } from "./device-event.ts";

const names = {
  sourceOf: (alias: string) => (alias === "virtio-disk0" ? "/img/a.qcow2" : ""),
  isAgentChannel: (alias: string) => alias === "channel0",
  imageOf: (node: string) =>
    node === "libvirt-2-storage"
      ? { target: "vda", id: 2, path: "/img/a.qcow2", isTop: true }
      : undefined,
};
const tell = (name: string, data: Readonly<Record<string, unknown>> = {}) =>
  newsOfDeviceEvent({ name, data }, names);

test("device event: an I/O error names disk, path, action and reason", () => {
  const expected = {
    kind: "ioError",
    path: "/img/a.qcow2",
    alias: "virtio-disk0",
    action: "pause",
    reason: "enospc",
  };
  const data = { action: "stop", nospace: true };
  assert.deepEqual(tell("BLOCK_IO_ERROR", { ...data, device: "drive-virtio-disk0" }), [expected]);
  assert.deepEqual(
    tell("BLOCK_IO_ERROR", {
      ...data,
      device: "",
      "qom-path": "/machine/peripheral/virtio-disk0/virtio-backend",
    }),
    [expected],
  );
});

test("device event: a graphics client with both addresses and its identity", () => {
  const [news] = tell("VNC_INITIALIZED", {
    server: { host: "127.0.0.1", service: "5900", family: "ipv4", auth: "vnc" },
    client: { host: "::1", service: "4711", family: "ipv6", sasl_username: "ann" },
  });
  assert.deepEqual(news, {
    kind: "graphics",
    phase: "initialize",
    local: { family: "ipv4", node: "127.0.0.1", service: "5900" },
    remote: { family: "ipv6", node: "::1", service: "4711" },
    authScheme: "vnc",
    subjects: [{ type: "saslUsername", name: "ann" }],
  });
});

test("device event: only the agent's channel tells of the agent", () => {
  assert.deepEqual(tell("VSERPORT_CHANGE", { id: "channel0", open: true }), [
    { kind: "agentLifecycle", state: "connected", reason: "channel" },
  ]);
  assert.deepEqual(tell("VSERPORT_CHANGE", { id: "channel1", open: true }), []);
});

test("device event: the small ones", () => {
  assert.deepEqual(tell("RTC_CHANGE", { offset: -3 }), [{ kind: "rtcChange", offset: -3 }]);
  assert.deepEqual(tell("WATCHDOG", { action: "inject-nmi" }), [
    { kind: "watchdog", action: "injectNmi" },
  ]);
  assert.deepEqual(tell("DEVICE_DELETED", { device: "net1", path: "/x" }), [
    { kind: "deviceRemoved", alias: "net1" },
  ]);
  assert.deepEqual(tell("DEVICE_DELETED", { path: "/x" }), []);
  assert.deepEqual(tell("BALLOON_CHANGE", { actual: 1_048_576 }), [
    { kind: "balloonChange", actualKiB: 1024 },
  ]);
  assert.deepEqual(tell("DEVICE_TRAY_MOVED", { id: "ide0-0-1", "tray-open": true }), [
    { kind: "trayChange", alias: "ide0-0-1", reason: "open" },
  ]);
});

test("device event: damaged and unknown events are no news", () => {
  assert.deepEqual(tell("RTC_CHANGE", {}), []);
  assert.deepEqual(tell("SOMETHING_NEW", { a: 1 }), []);
});

test("device event: a write beyond its threshold, under both names of the image", () => {
  const data = { "node-name": "libvirt-2-storage", "write-threshold": 10, "amount-exceeded": 5 };
  const about = { kind: "blockThreshold", threshold: 10, excess: 5, path: "/img/a.qcow2" };
  assert.deepEqual(tell("BLOCK_WRITE_THRESHOLD", data), [
    { ...about, target: "vda" },
    { ...about, target: "vda[2]" },
  ]);
  assert.deepEqual(tell("BLOCK_WRITE_THRESHOLD", { ...data, "node-name": "libvirt-9-format" }), []);
});
