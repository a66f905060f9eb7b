import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseUri } from "./open-connection.ts";

const vireod = "/run/vireo/vireo-sock";
const libvirtd = "/run/libvirt/libvirt-sock";
const host = (
  sockets: readonly string[],
  environment: { readonly [name: string]: string } = {},
): Parameters<typeof chooseUri>[2] => ({
  environment,
  exists: (path) => sockets.includes(path),
});
const plain = { readonly: false };

test("address: the command line, then our variable, then libvirt's, then the socket that is there", () => {
  const all = {
    VIREO_DEFAULT_URI: "a:///1",
    VIRSH_DEFAULT_CONNECT_URI: "a:///2",
    LIBVIRT_DEFAULT_URI: "a:///3",
  };
  assert.equal(chooseUri("a:///x", { ...plain, connect: "a:///y" }, host([], all)), "a:///x");
  assert.equal(chooseUri(undefined, { ...plain, connect: "a:///y" }, host([], all)), "a:///y");
  assert.equal(chooseUri(undefined, plain, host([], all)), "a:///1");
  assert.equal(chooseUri(undefined, plain, host([], { ...all, VIREO_DEFAULT_URI: "" })), "a:///2");
  assert.equal(chooseUri(undefined, plain, host([], { LIBVIRT_DEFAULT_URI: "a:///3" })), "a:///3");
  assert.equal(chooseUri(undefined, plain, host([libvirtd])), "qemu:///system");
  assert.equal(
    chooseUri(undefined, plain, host([vireod, libvirtd])),
    "qemu+unix:///system?socket=%2Frun%2Fvireo%2Fvireo-sock",
  );
});

test("address: --root names the socket under it, the read-only one for -r", () => {
  const globals = { readonly: true, root: "/r", connect: "test:///default" };
  assert.equal(
    chooseUri(undefined, globals, host([])),
    "test+unix:///default?socket=%2Fr%2Frun%2Fvireo-sock-ro",
  );
  const named = { ...globals, connect: "qemu+unix:///system?socket=/x" };
  assert.equal(chooseUri(undefined, named, host([])), named.connect);
});

test("address: an address without socket reaches vireod only where there is no libvirtd", () => {
  const globals = { readonly: false, connect: "qemu:///system" };
  assert.equal(chooseUri(undefined, globals, host([vireod, libvirtd])), "qemu:///system");
  assert.match(chooseUri(undefined, globals, host([vireod])), /vireo-sock$/);
  const remote = { ...globals, connect: "qemu+ssh://host/system" };
  assert.equal(chooseUri(undefined, remote, host([vireod])), remote.connect);
});
