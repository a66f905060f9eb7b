/** The works in whose middle vireod dies, and what has to be true when it is back. */
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { checkSnapshots } from "./crash-images.ts";
import type { CrashStage, Found } from "./crash-stage.ts";

export interface CrashWork {
  readonly name: string;
  /** What is done before, one virsh command each. */
  readonly before: readonly string[];
  readonly work: string;
  /** Besides what holds for all of them. */
  readonly check?: (stage: CrashStage, found: Found) => Promise<void>;
}

/** Less than any dump of a guest that has booted its firmware. */
const WHOLE_BYTES = 256 * 1024;
const DEFINE = "define DIR/guest.xml";

const RUNS = [DEFINE, "start crash"];
const INSIDE = "snapshot-create-as crash then";
const OUTSIDE = "snapshot-create-as crash then --memspec DIR/memory --diskspec vda";
const DISK = "snapshot-create-as crash then --disk-only --diskspec vda";

/** The XML of the running guest and QEMU itself have the disk, or neither. */
async function checkPlugged(stage: CrashStage): Promise<void> {
  const disks = await stage.ok("domblklist crash");
  const nodes = await stage.ok("qemu-monitor-command crash --hmp info block");
  assert.equal(disks.includes("plugged.img"), nodes.includes("plugged.img"), `${disks}\n${nodes}`);
}

/** The disk is in the definition whole, or not at all. */
const checkStarted = async (_: CrashStage, { state, managedSave }: Found): Promise<void> => {
  assert.ok(["running", "shut off"].includes(state), state);
  assert.equal(managedSave, false);
};

/** Nothing of the guest's life is lost: it runs, or its save is there. */
const checkSaved = async (_: CrashStage, { state, managedSave }: Found): Promise<void> =>
  assert.ok(managedSave === (state === "shut off"), `${state}, managed save: ${managedSave}`);

/** A dump is whole or gone, and the guest runs on. */
async function checkDumped({ directory }: CrashStage, { state }: Found): Promise<void> {
  assert.equal(state, "running");
  const size = statSync(join(directory, "core"), { throwIfNoEntry: false })?.size ?? WHOLE_BYTES;
  assert.ok(size >= WHOLE_BYTES, `${size} bytes of a dump`);
}

export const CRASH_WORKS: readonly CrashWork[] = [
  { name: "define", before: [], work: DEFINE },
  { name: "start", before: [DEFINE], work: "start crash", check: checkStarted },
  {
    name: "attach",
    before: [DEFINE, "start crash"],
    work: "attach-device crash DIR/disk.xml --live --config",
    check: checkPlugged,
  },
  {
    name: "managedsave",
    before: [DEFINE, "start crash"],
    work: "managedsave crash",
    check: checkSaved,
  },
  {
    name: "start of a managed save",
    before: [DEFINE, "start crash", "managedsave crash"],
    work: "start crash",
    check: checkSaved,
  },
  ...["", " --memory-only"].map((how) => ({
    name: `dump${how}`,
    before: RUNS,
    work: `dump crash DIR/core${how}`,
    check: checkDumped,
  })),
  { name: "destroy", before: [DEFINE, "start crash"], work: "destroy crash" },
  { name: "snapshot inside", before: RUNS, work: INSIDE, check: checkSnapshots },
  { name: "snapshot", before: RUNS, work: OUTSIDE, check: checkSnapshots },
  { name: "snapshot of one that is off", before: [DEFINE], work: DISK, check: checkSnapshots },
  {
    name: "revert to a snapshot",
    before: [...RUNS, OUTSIDE],
    work: "snapshot-revert crash then",
    check: checkSnapshots,
  },
  {
    name: "delete of a snapshot",
    before: [...RUNS, OUTSIDE],
    work: "snapshot-delete crash then",
    check: checkSnapshots,
  },
  {
    name: "delete of a snapshot of one that is off",
    before: [DEFINE, DISK],
    work: "snapshot-delete crash then",
    check: checkSnapshots,
  },
  {
    name: "blockcommit",
    before: [...RUNS, `${DISK} --no-metadata`],
    work: "blockcommit crash vda --active --pivot",
  },
];
