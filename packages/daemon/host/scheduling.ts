/** Where and how the host's kernel runs a thread. */
import { mustCall } from "./sys.ts";

/** As many processors as the kernel takes. */
const MOST = 16_384;

/**
 * Lets a thread run on these host processors only.
 * @throws VireoError `systemError`, also when none of them exists
 */
export function setAffinity(tid: number, cpus: readonly number[]): void {
  const last = Math.max(0, ...cpus.filter((cpu) => cpu < MOST));
  const mask = Buffer.alloc((Math.floor(last / 64) + 1) * 8); // whole words of the kernel
  for (const cpu of cpus) if (cpu <= last) mask.writeUInt8(bitSet(mask, cpu), cpu >> 3);
  mustCall(
    `cannot set CPU affinity on process ${tid}`,
    "sched_setaffinity",
    tid,
    mask.length,
    mask,
  );
}

const bitSet = (mask: Buffer, bit: number): number => (mask[bit >> 3] ?? 0) | (1 << (bit & 7));

/** The kernel's numbers (sched.h). */
const POLICIES = { fifo: 1, rr: 2, batch: 3, idle: 5 } as const;
export type Policy = keyof typeof POLICIES;

/** @throws VireoError `systemError` when the host does not allow it */
export function setScheduler(
  tid: number,
  { scheduler, priority = 0 }: { readonly scheduler: Policy; readonly priority?: number },
): void {
  const param = Buffer.alloc(4);
  param.writeInt32LE(scheduler === "fifo" || scheduler === "rr" ? priority : 0);
  mustCall(
    `Cannot set scheduler parameters for pid ${tid}`,
    "sched_setscheduler",
    tid,
    POLICIES[scheduler],
    param,
  );
}
