/** The works in whose middle vireod dies, and what has to be true when it is back. */
import assert from "node:assert/strict";
import type { CrashStage, Found } from "./crash-stage.ts";

export interface CrashWork {
  readonly name: string;
  /** What is done before, one virsh command each. */
  readonly before: readonly string[];
  readonly work: string;
  /** Besides what holds for all of them. */
  readonly check?: (stage: CrashStage, found: Found) => Promise<void>;
}

const DEFINE = "define DIR/guest.xml";

/** The XML of the running guest and QEMU itself have the disk, or neither. */
async function checkPlugged(stage: CrashStage): Promise<void> {
  const disks = await stage.ok("domblklist crash");
  const nodes = await stage.ok("qemu-monitor-command crash --hmp info block");
  assert.equal(disks.includes("plugged.img"), nodes.includes("plugged.img"), `${disks}\n${nodes}`);
}

const checkStarted = async (_: CrashStage, { state, managedSave }: Found): Promise<void> => {
  assert.ok(["running", "shut off"].includes(state), state);
  assert.equal(managedSave, false);
};

/** Nothing of the guest's life is lost: it runs, or its save is there. */
const checkSaved = async (_: CrashStage, { state, managedSave }: Found): Promise<void> =>
  assert.ok(managedSave === (state === "shut off"), `${state}, managed save: ${managedSave}`);

/** The snapshot is there and the guest writes to the new image, or neither. */
async function checkSnapshot(stage: CrashStage): Promise<void> {
  const names = await stage.ok("snapshot-list crash --name");
  const disks = await stage.ok("domblklist crash");
  assert.equal(names.includes("moment"), disks.includes("moment.qcow2"), `${names}\n${disks}`);
  const nodes = await stage.ok("qemu-monitor-command crash --hmp info block");
  assert.equal(disks.includes("moment.qcow2"), nodes.includes("moment.qcow2"), nodes);
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
  {
    name: "snapshot",
    before: [DEFINE, "start crash"],
    work: "snapshot-create-as crash moment --disk-only --diskspec vda,file=DIR/moment.qcow2",
    check: checkSnapshot,
  },
  { name: "destroy", before: [DEFINE, "start crash"], work: "destroy crash" },
];
