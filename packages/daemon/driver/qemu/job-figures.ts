/** How far a migration stream is, from QEMU's answer to `query-migrate`, under libvirt's names. Pure. */
import type { JobFigures } from "@vireo/model/operation/domain-job";

type Answer = Readonly<Record<string, unknown>>;

const inner = (answer: unknown, name: string): Answer => {
  const value = (answer as Answer | null)?.[name]; // any object will do: what is not there is 0
  return typeof value === "object" && value !== null ? { ...value } : {};
};

const number = (from: Answer, name: string): number => {
  const value = from[name];
  return typeof value === "number" ? Math.max(0, Math.round(value)) : 0;
};

const MEGABIT = 1_000_000;
const BITS = 8;

/** @param answer what QEMU said, whatever it was */
export function migrationFigures(answer: unknown): JobFigures {
  const info = inner({ answer }, "answer");
  const ram = inner(info, "ram");
  const disk = inner(info, "disk");
  const both = (name: string): number => number(ram, name) + number(disk, name);
  const downtime = number(info, "downtime");
  const bytesPerSecond = Math.round((number(ram, "mbps") * MEGABIT) / BITS);
  return {
    ...(downtime > 0 && { downtime }),
    setup_time: number(info, "setup-time"),
    data_total: both("total"),
    data_processed: both("transferred"),
    data_remaining: both("remaining"),
    memory_total: number(ram, "total"),
    memory_processed: number(ram, "transferred"),
    memory_remaining: number(ram, "remaining"),
    ...(bytesPerSecond > 0 && { memory_bps: bytesPerSecond }),
    memory_constant: number(ram, "duplicate"),
    memory_normal: number(ram, "normal"),
    memory_normal_bytes: number(ram, "normal-bytes"),
    memory_dirty_rate: number(ram, "dirty-pages-rate"),
    memory_iteration: number(ram, "dirty-sync-count"),
    memory_postcopy_requests: number(ram, "postcopy-requests"),
    memory_page_size: number(ram, "page-size"),
    ...(number(disk, "total") > 0 && {
      disk_total: number(disk, "total"),
      disk_processed: number(disk, "transferred"),
      disk_remaining: number(disk, "remaining"),
    }),
  };
}
