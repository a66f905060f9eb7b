/** Devices of the host for guests whose QEMU runs as a user of its own: the nodes are that user's meanwhile. */
import assert from "node:assert/strict";
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { putUsb } from "../harness/emulated-devices.ts";
import { EmulatedKernel } from "../harness/emulated-kernel.ts";
import { run } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";
import { virshOk } from "../harness/virsh.ts";
import { AssignedHost } from "./assigned-host.ts";

const NOBODY = 65_534;

/** The stand-in for QEMU is a program of this checkout, which not everybody may read. */
async function unreadable(): Promise<string | false> {
  const missing = EmulatedKernel.missing();
  if (missing !== undefined) return missing;
  const asNobody = ["--reuid", String(NOBODY), "--clear-groups", process.execPath, "--version"];
  const tried = await Promise.all([
    run("setpriv", asNobody),
    run("setpriv", [...asNobody.slice(0, 3), "head", "-c1", import.meta.filename]),
  ]);
  return tried.every(({ status }) => status === 0) ? false : "others may not read this checkout";
}

test("qemu user: the node of a device is the guest's while it has it", {
  skip: await unreadable(),
}, async (t) => {
  const host = await AssignedHost.vireod(
    (kernel) => putUsb(kernel, { port: "1-1", bus: 1, device: 4, id: "046d:c31c" }),
    {},
    ["--qemu-user", "nobody"],
  );
  t.after(() => host.cleanUp());
  const { daemon, kernel } = host;
  assert.ok(daemon instanceof Vireod);
  for (const path of [daemon.root, kernel.root]) chmodSync(path, 0o755);
  chmodSync(join(kernel.root, "qemu"), 0o777);
  const owner = (): number => statSync(join(kernel.root, "dev/bus/usb/001/004")).uid;
  const ok = (...words: readonly string[]): Promise<string> => virshOk(daemon.uri, ...words);
  const file = (name: string, xml: string): string => {
    writeFileSync(join(kernel.root, name), xml);
    return join(kernel.root, name);
  };
  const usb = `<hostdev mode='subsystem' type='usb'><source><vendor id='0x046d'/><product id='0xc31c'/></source></hostdev>`;
  await ok("define", file("one.xml", host.domain("one", usb)));
  await ok("start", "one");
  assert.equal(owner(), NOBODY);
  await ok("destroy", "one");
  assert.equal(owner(), 0);
  await ok("define", file("two.xml", host.domain("two", "")));
  await ok("start", "two");
  const part = file("usb.xml", usb);
  await ok("attach-device", "two", part);
  assert.equal(owner(), NOBODY);
  await ok("detach-device", "two", part);
  assert.equal(owner(), 0);
});
