/** QEMU's own events as virsh hears them from the real libvirtd and from vireod: the same words. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";

const GUEST = `<domain type='qemu'><name>one</name><memory unit='MiB'>16</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator><controller type='usb' model='none'/><memballoon model='none'/></devices></domain>`;

/** Each ends by itself once it has heard one event, or with an error. */
const LISTENERS: readonly (readonly string[])[] = [
  [],
  ["--event", "RESUME"],
  ["--event", "resume", "--no-case"],
  ["--event", "^RES.*E$", "--regex"],
  ["--event", "^rese", "--regex", "--no-case"],
  ["--domain", "one", "--event", "STOP"],
  ["--event", "RESET", "--pretty"],
  ["--event", "RESET"],
  ["--domain", "one", "--event", "resume", "--timeout", "1"],
  ["--event", "(", "--regex"],
  ["--domain", "nobody"],
];

/** Without the time, the engine's words about a pattern, and which event happened to be the first of all. */
const comparable = (args: readonly string[], said: string): string => {
  const timeless = said
    .replaceAll(/ at \d+\.\d{6} /g, " at TIME ")
    .replace(/(?<=regex '.*': ).*/, "");
  return args.length === 0 ? timeless.replace(/event [A-Z_]+ (.*): .*/, "event NAME $1") : timeless;
};

async function heard(uri: string, directory: string): Promise<readonly string[]> {
  const path = join(directory, "one.xml");
  writeFileSync(path, GUEST);
  await virshOk(uri, "create", path);
  let waiting = LISTENERS.length;
  const listeners = LISTENERS.map(async (args) => {
    const { status, stdout, stderr } = await virsh(uri, ["qemu-monitor-event", ...args]);
    waiting -= 1;
    return comparable(args, `${args.join(" ")} -> ${status}\n${stdout}${stderr}`);
  });
  // nobody tells when a client has registered: things happen until all have heard of them
  while (waiting > 0)
    for (const command of ["suspend", "resume", "reset"]) await virshOk(uri, command, "one");
  await virshOk(uri, "destroy", "one");
  return Promise.all(listeners);
}

test("virsh: QEMU's events are told, filtered and refused as libvirtd does it", {
  skip: Libvirtd.missing() ?? false,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-monitor-"));
  const [libvirtd, vireod] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(async () => {
    await Promise.all([libvirtd.cleanUp(), vireod.cleanUp()]);
    rmSync(directory, { recursive: true });
  });
  const theirs = await heard(libvirtd.uri, directory);
  assert.deepEqual(await heard(vireod.uri, directory), theirs);
  assert.match(theirs.join(""), /event RESET at TIME for domain 'one': \{"guest":false/);
});
