/** Devices of this host by the same virsh commands, from the real libvirtd and from vireod: the same answers. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { virshOk } from "../harness/virsh.ts";
import { transcript } from "./transcript.ts";

const REFUSED = "dumpxml info detach reset reattach destroy undefine start autostart"
  .split(" ")
  .map((verb) => `nodedev-${verb} nosuch`);
const NOT_PCI = [
  "nodedev-reset computer",
  "nodedev-destroy computer",
  "nodedev-undefine computer",
  "nodedev-start computer",
  "nodedev-autostart computer",
  "nodedev-info computer",
];
const LISTS = "system pci net storage usb usb_device scsi_host mdev fc_host vports drm bogus"
  .split(" ")
  .map((cap) => `nodedev-list --cap ${cap}`);

/** Network cards come and go while other tests run. */
const isPassing = (name: string): boolean => /^net_(?!lo_)/.test(name);

const comparable = (answer: string): string => answer.replace(/^.*\bnet_(?!lo_).*\n?/gm, "");

test("node devices are told as libvirt tells them", {
  skip: Libvirtd.missing() ?? false,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-nodedev-same-"));
  const [real, ours] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(async () => {
    await Promise.all([real.cleanUp(), ours.cleanUp()]);
    rmSync(directory, { recursive: true, force: true });
  });
  const listed = (await virshOk(real.uri, "nodedev-list")).split("\n");
  const names = listed.filter((name) => name !== "" && !isPassing(name));
  const documents = names.map((name) => `nodedev-dumpxml ${name}`);
  const commands = ["nodedev-list", "nodedev-list --tree", ...LISTS, ...documents];
  const all = [...commands, ...REFUSED, ...NOT_PCI];
  const place = { files: {}, directory };
  const wanted = await transcript(real.uri, all, place);
  const got = await transcript(ours.uri, all, place);
  for (const [at, { command, answer }] of got.entries())
    await t.test(command, () =>
      assert.equal(comparable(answer), comparable(wanted[at]?.answer ?? "")),
    );
});
