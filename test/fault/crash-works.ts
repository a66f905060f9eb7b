/** The works in whose middle vireod dies. */
import { checkSnapshots } from "./crash-images.ts";
import type { CrashStage } from "./crash-stage.ts";

/** Lines are virsh's; `DIR` is the stage's directory. */
export interface CrashWork {
  readonly name: string;
  /** What is done before. */
  readonly before: readonly string[];
  readonly work: readonly string[];
  /** A block job may go on after the crash. */
  readonly mayHaveJobs?: boolean;
  /** What has to be true besides what has to be of all. */
  readonly check?: (stage: CrashStage) => Promise<void>;
}

const DEFINE = "define DIR/guest.xml";
const RUNS = [DEFINE, "start crash"];
const WITH_USB = ["define DIR/usb.xml", "start crash"];
const PAUSED = [DEFINE, "start crash --paused"];
const BOTH = "--live --config";

const INSIDE = "snapshot-create-as crash then";
const OUTSIDE = "snapshot-create-as crash then --memspec DIR/memory --diskspec vda";
const DISKS = "snapshot-create-as crash then --disk-only --diskspec vda";
/** Two more images on top of the disk's. */
const CHAIN = ["mid", "top"].map(
  (name) =>
    `snapshot-create-as crash ${name} --disk-only --no-metadata --diskspec vda,file=DIR/${name}.qcow2`,
);

const OF_DOMAINS: readonly CrashWork[] = [
  { name: "define", before: [], work: [DEFINE] },
  { name: "redefine", before: RUNS, work: ["define DIR/again.xml"] },
  { name: "undefine", before: [DEFINE, "autostart crash"], work: ["undefine crash"] },
  { name: "autostart", before: [DEFINE], work: ["autostart crash"] },
  { name: "start", before: [DEFINE], work: ["start crash"] },
  { name: "start paused", before: [DEFINE], work: ["start crash --paused"] },
  { name: "create", before: [], work: ["create DIR/guest.xml"] },
  { name: "suspend", before: RUNS, work: ["suspend crash"] },
  { name: "resume", before: PAUSED, work: ["resume crash"] },
  { name: "reset", before: RUNS, work: ["reset crash"] },
  { name: "destroy", before: RUNS, work: ["destroy crash"] },
];

const OF_SAVES: readonly CrashWork[] = [
  { name: "managedsave", before: RUNS, work: ["managedsave crash"] },
  { name: "managedsave of a paused one", before: PAUSED, work: ["managedsave crash"] },
  {
    name: "start of a managed save",
    before: [...RUNS, "managedsave crash"],
    work: ["start crash"],
  },
  {
    name: "start of a managed save, paused",
    before: [...PAUSED, "managedsave crash"],
    work: ["start crash"],
  },
  {
    name: "managedsave-remove",
    before: [...RUNS, "managedsave crash"],
    work: ["managedsave-remove crash"],
  },
  { name: "save", before: RUNS, work: ["save crash DIR/saved"] },
  { name: "restore", before: [...RUNS, "save crash DIR/saved"], work: ["restore DIR/saved"] },
  { name: "dump", before: RUNS, work: ["dump crash DIR/core"] },
  { name: "dump --memory-only", before: RUNS, work: ["dump crash DIR/core --memory-only"] },
];

const OF_DEVICES: readonly CrashWork[] = [
  { name: "attach disk", before: RUNS, work: [`attach-device crash DIR/disk.xml ${BOTH}`] },
  { name: "attach disk, live", before: RUNS, work: ["attach-device crash DIR/disk.xml --live"] },
  { name: "attach card", before: RUNS, work: [`attach-device crash DIR/card.xml ${BOTH}`] },
  { name: "attach, config", before: [DEFINE], work: ["attach-device crash DIR/disk.xml --config"] },
  { name: "detach disk", before: WITH_USB, work: [`detach-device crash DIR/stick.xml ${BOTH}`] },
  {
    name: "detach disk, live",
    before: WITH_USB,
    work: ["detach-device crash DIR/stick.xml --live"],
  },
  {
    name: "detach card",
    before: WITH_USB,
    work: [`detach-device crash DIR/usb-card.xml ${BOTH}`],
  },
  { name: "setmem", before: RUNS, work: [`setmem crash 12M ${BOTH}`] },
  { name: "setvcpus", before: RUNS, work: [`setvcpus crash 2 ${BOTH}`] },
  { name: "blkdeviotune", before: RUNS, work: [`blkdeviotune crash vda 1000000 ${BOTH}`] },
  { name: "iothreadadd", before: RUNS, work: [`iothreadadd crash 1 ${BOTH}`] },
];

const OF_BLOCKS: readonly CrashWork[] = [
  {
    name: "blockcommit, active",
    before: [...RUNS, ...CHAIN],
    work: ["blockcommit crash vda --active --pivot"],
  },
  {
    name: "blockcommit",
    before: [...RUNS, ...CHAIN],
    work: ["blockcommit crash vda --top DIR/mid.qcow2 --base DIR/base.qcow2 --wait"],
  },
  { name: "blockpull", before: [...RUNS, ...CHAIN], work: ["blockpull crash vda --wait"] },
  {
    name: "blockcopy",
    before: RUNS,
    work: ["blockcopy crash vda DIR/copy.qcow2 --transient-job --wait --pivot"],
  },
  { name: "blockresize", before: RUNS, work: ["blockresize crash vda 8M"] },
  {
    name: "backup, push",
    before: RUNS,
    work: ["backup-begin crash DIR/push.xml", "domstate crash"],
  },
  {
    name: "backup, pull",
    before: RUNS,
    work: ["backup-begin crash DIR/pull.xml", "domjobabort crash"],
  },
  {
    name: "checkpoint-create",
    before: RUNS,
    work: ["checkpoint-create-as crash now --diskspec vda"],
  },
  {
    name: "checkpoint-delete",
    before: [...RUNS, "checkpoint-create-as crash now --diskspec vda"],
    work: ["checkpoint-delete crash now"],
  },
].map((work) => ({ ...work, mayHaveJobs: true }));

const DELETE = ["snapshot-delete crash then"];
const REVERT = ["snapshot-revert crash then"];

const OF_SNAPSHOTS: readonly CrashWork[] = [
  { name: "snapshot inside", before: RUNS, work: [INSIDE] },
  { name: "snapshot with memory", before: RUNS, work: [OUTSIDE] },
  { name: "snapshot of disks", before: RUNS, work: [DISKS] },
  { name: "snapshot, off", before: [DEFINE], work: [DISKS] },
  { name: "snapshot inside, off", before: [DEFINE], work: [INSIDE] },
  { name: "revert, inside", before: [...RUNS, INSIDE], work: REVERT },
  { name: "revert with memory", before: [...RUNS, OUTSIDE], work: REVERT },
  { name: "revert, off", before: [DEFINE, DISKS], work: REVERT },
  { name: "revert inside, off", before: [DEFINE, INSIDE], work: REVERT },
  { name: "delete, inside", before: [...RUNS, INSIDE], work: DELETE },
  { name: "delete with memory", before: [...RUNS, OUTSIDE], work: DELETE },
  { name: "delete, off", before: [DEFINE, DISKS], work: DELETE },
].map((work) => ({ ...work, check: checkSnapshots }));

export const CRASH_WORKS: readonly CrashWork[] = [
  ...OF_DOMAINS,
  ...OF_SAVES,
  ...OF_DEVICES,
  ...OF_BLOCKS,
  ...OF_SNAPSHOTS,
];
