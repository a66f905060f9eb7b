/** The host's interfaces by the same virsh commands, from the real libvirtd and from vireod: the same answers. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { transcript } from "./transcript.ts";

/** libvirt on Debian cannot change interfaces, so only what reads is compared. */
const COMMANDS = [
  "iface-dumpxml lo",
  "iface-dumpxml lo --inactive",
  "iface-mac lo",
  "iface-name 00:00:00:00:00:00",
  "iface-name 02:00:00:00:00:77",
  "iface-dumpxml nosuch",
  "iface-start nosuch",
  "iface-destroy nosuch",
  "iface-undefine nosuch",
  "iface-unbridge nosuch",
];

test("host interfaces are told as libvirt tells them", {
  skip: Libvirtd.missing() ?? false,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-interface-same-"));
  const [real, ours] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(async () => {
    await Promise.all([real.cleanUp(), ours.cleanUp()]);
    rmSync(directory, { recursive: true, force: true });
  });
  const place = { files: {}, directory };
  const wanted = await transcript(real.uri, COMMANDS, place);
  const got = await transcript(ours.uri, COMMANDS, place);
  for (const [at, { command, answer }] of got.entries())
    await t.test(command, () => assert.equal(answer, wanted[at]?.answer));
});
