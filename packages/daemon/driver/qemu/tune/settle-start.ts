/** What a start does about resources. */
import { withVcpuOrder } from "@vireo/model/domain/vcpu-state";
import type { Disk } from "@vireo/model/domain/device/disk";
import { hasMedium, throttleArguments, throttleId } from "@vireo/qemu/block/throttle";
import type { LiveDomain } from "../domain-view.ts";
import { endProcess } from "../end-process.ts";
import type { QemuEnvironment } from "../environment.ts";
import type { Undo } from "../undo.ts";
import { placeProcess } from "./placement.ts";
import { cgroupOf } from "./resources.ts";
import { laterVcpus, plugVcpus, type Asking } from "./vcpu-slot.ts";

/** Puts a process that has just begun into its place, and counts from there. @throws VireoError */
export async function placeNew(env: QemuEnvironment, live: LiveDomain, undo: Undo): Promise<void> {
  undo.add("control groups", async () => {
    await endProcess(live.process); // a group with somebody in it stays
    await cgroupOf(env, live).remove();
  });
  await placeProcess(env, live);
  undo.add("performance counters", () => env.perf.drop(live.process));
  await env.perf.set(live.process, live.config.perf?.events);
}

/** Gives QEMU what no command line can: virtual CPUs that may go again, limits of disks. */
export async function giveLate(to: Asking, live: LiveDomain): Promise<LiveDomain> {
  const { config } = live;
  await plugVcpus(to, laterVcpus(config));
  for (const disk of config.devices.disks ?? []) await throttle(to, disk);
  return { ...live, config: withVcpuOrder(config) };
}

/** Tells QEMU the limits of a disk that has just come to it. */
export async function throttle(to: Asking, disk: Disk): Promise<void> {
  const { iotune } = disk;
  if (iotune === undefined || !hasMedium(disk)) return;
  await to.ask("block_set_io_throttle", throttleArguments(throttleId(disk), iotune));
}
