/** virsh's commands about resources on the real libvirtd and on vireod: the same answers, errors included. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { transcript } from "./transcript.ts";
import { TUNING_COMMANDS, tuningFiles } from "./tuning-commands.ts";

/** What differs for good: where a process runs now, and what belongs to no resource. */
const ELSEWHERE: readonly RegExp[] = [
  /(?<=^CPU: +)\d+$/gm,
  /^ *<backingStore\/>\n/gm, // other tests speak of chains
  /^ *<driver name='qemu'(?: type='raw')?\/>\n/gm,
  /^ *<seclabel[\s\S]*<\/seclabel>\n/gm,
  /^ *<resource>[\s\S]*<\/resource>\n/gm, // our groups are made when something is to be set in them
];
const comparable = (answer: string): string =>
  ELSEWHERE.reduce((text, pattern) => text.replaceAll(pattern, ""), answer);

/** libvirtd cannot read QEMU's answer about an empty drive; we tell its limits. */
const OURS_IS_BETTER: ReadonlySet<string> = new Set(["blkdeviotune tuned hda"]);

test("virsh: resources are told and changed as libvirtd does it", {
  skip: Libvirtd.missing() ?? false,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-tuning-"));
  const [libvirtd, vireod] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(async () => {
    await Promise.all([libvirtd.cleanUp(), vireod.cleanUp()]);
    rmSync(directory, { recursive: true });
  });
  const image = join(directory, "disk.img");
  writeFileSync(image, Buffer.alloc(1024 * 1024));
  const place = { files: tuningFiles(image), directory };
  const theirs = await transcript(libvirtd.uri, TUNING_COMMANDS, place);
  const ours = await transcript(vireod.uri, TUNING_COMMANDS, place);
  for (const [at, { command, answer }] of theirs.entries())
    if (!OURS_IS_BETTER.has(command))
      assert.equal(comparable(ours[at]?.answer ?? ""), comparable(answer), `${at}: ${command}`);
});
