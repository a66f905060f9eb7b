import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLibvirtUri, UriError } from "./libvirt-uri.ts";
import { socketPath } from "./socket-path.ts";

test("libvirt-uri: what the daemon is told lacks transport, host and their parameters", () => {
  const names: Readonly<Record<string, string>> = {
    "": "",
    "qemu:///system": "qemu:///system",
    "qemu+unix:///system?socket=/x": "qemu:///system",
    "test:///default?socket=/a%20b&foo=1%2B1": "test:///default?foo=1%2B1",
    "qemu+ssh://me@host:22/session?keyfile=/k": "qemu:///session",
    "qemu+tcp://[::1]/system?name=test:///default": "test:///default",
    "remote:///": "",
  };
  for (const [uri, name] of Object.entries(names)) assert.equal(parseLibvirtUri(uri).name, name);
});

test("libvirt-uri: the transport follows from the scheme, or from the host", () => {
  const of = (uri: string): unknown => parseLibvirtUri(uri).transport;
  assert.equal(of("qemu:///system"), "unix");
  assert.equal(of("qemu://host/system"), "tls");
  assert.equal(of("qemu+tcp://host/system"), "tcp");
  const parsed = parseLibvirtUri("qemu+ssh://me@[fe80::1]:2222/system");
  assert.deepEqual([parsed.user, parsed.host, parsed.port], ["me", "fe80::1", 2222]);
});

test("libvirt-uri: nonsense is refused", () => {
  for (const uri of ["qemu", "qemu:/system", "qemu+warp://h/", "://", "qemu://h:x/", "QEMU:///s"]) {
    assert.throws(() => parseLibvirtUri(uri), UriError, uri);
  }
});

test("socket-path: libvirt's rules", () => {
  const path = (uri: string, readOnly = false, existing: readonly string[] = []): string =>
    socketPath(parseLibvirtUri(uri), readOnly, {
      userRuntimeDir: "/run/user/7",
      exists: (candidate) => existing.includes(candidate),
    });
  const own = "/run/libvirt/virtqemud-sock";
  assert.equal(path("qemu:///system?socket=/x"), "/x");
  assert.equal(path("qemu:///system"), "/run/libvirt/libvirt-sock");
  assert.equal(path("qemu:///system", true), "/run/libvirt/libvirt-sock-ro");
  assert.equal(path("qemu:///system", false, [own]), own);
  assert.equal(path("qemu:///system?mode=legacy", false, [own]), "/run/libvirt/libvirt-sock");
  assert.equal(path("qemu:///system?mode=direct"), own);
  assert.equal(path("qemu:///session", true), "/run/user/7/libvirt/libvirt-sock");
  assert.equal(path(""), "/run/libvirt/libvirt-sock");
});
