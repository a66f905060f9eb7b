import type { Disk } from "@vireo/model/domain/device/disk";
import {
  blockCounters,
  nodeSizes,
  type BlockCounters,
  type DeviceCounters,
  type NodeSizes,
} from "@vireo/qemu/block/block-figures";
import { imagesOf, nodesOf, type DiskImage } from "@vireo/qemu/block/disk-images";
import { currentConfig } from "../domain-report.ts";
import type { StatsGroup, StatsSource } from "./group.ts";
import type { Question } from "./guest-samples.ts";
import { merged, string, uint, ullong, type Stats } from "./statistic.ts";

export const COUNTERS_QUESTION: Question = ["query-blockstats"];
export const SIZES_QUESTION: Question = ["query-named-block-nodes", { flat: true }];

type Entry = { readonly disk: Disk; readonly image?: DiskImage; readonly top: boolean };

/** Each disk, and below it the images it falls back to when they are wanted. */
function entriesOf(disks: readonly Disk[], backing: boolean): readonly Entry[] {
  return disks.flatMap((disk): readonly Entry[] => {
    const [top, ...below] = imagesOf(disk);
    if (top === undefined) return [{ disk, top: true }];
    const rest = backing ? below.map((image) => ({ disk, image, top: false })) : [];
    return [{ disk, image: top, top: true }, ...rest];
  });
}

const named = (values: Readonly<Record<string, number>>): Stats =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, ullong(value)]));

const ofDevice = (counters: DeviceCounters): Stats =>
  named({
    "rd.reqs": counters.readRequests,
    "rd.bytes": counters.readBytes,
    "rd.times": counters.readTimeNs,
    "wr.reqs": counters.writeRequests,
    "wr.bytes": counters.writeBytes,
    "wr.times": counters.writeTimeNs,
    "fl.reqs": counters.flushRequests,
    "fl.times": counters.flushTimeNs,
  });

function ofNodes(
  id: number,
  counters: BlockCounters,
  sizes: ReadonlyMap<string, NodeSizes>,
): Stats {
  const { format, storage } = nodesOf(id);
  const image = sizes.get(format);
  const threshold = sizes.get(storage)?.threshold ?? 0;
  return named({
    ...(counters.highest.has(format) ? { allocation: counters.highest.get(format) ?? 0 } : {}),
    ...(image === undefined ? {} : { capacity: image.capacity }),
    ...(image?.allocated === undefined ? {} : { physical: image.allocated }),
    ...(threshold === 0 ? {} : { threshold }),
  });
}

const about = (disk: Disk, image: DiskImage | undefined): Stats => ({
  name: string(disk.target?.dev ?? ""),
  ...(image?.path === undefined ? {} : { path: string(image.path) }),
  ...(image?.id === undefined ? {} : { backingIndex: uint(image.id) }),
});

async function liveEntries(source: StatsSource, entries: readonly Entry[]): Promise<Stats[]> {
  if (entries.length === 0) return [];
  const [answer, nodes] = await Promise.all([
    source.ask(...COUNTERS_QUESTION),
    source.ask(...SIZES_QUESTION),
  ]);
  const counters = blockCounters(answer);
  const sizes = nodeSizes(nodes);
  return entries.map(({ disk, image, top }) => {
    const device = top ? counters.devices.get(disk.alias?.name ?? "") : undefined;
    return {
      ...about(disk, image),
      ...(device === undefined ? {} : ofDevice(device)),
      ...(image?.id === undefined ? {} : ofNodes(image.id, counters, sizes)),
    };
  });
}

async function offEntry({ sizesOf }: StatsSource, { disk, image }: Entry): Promise<Stats> {
  const raw = disk.driver?.type === "raw";
  const sizes = image?.path === undefined ? undefined : await sizesOf(image.path, { raw });
  const { allocated: allocation, capacity, physical } = sizes ?? {};
  return {
    ...about(disk, image),
    ...(allocation === undefined || capacity === undefined || physical === undefined
      ? {}
      : named({ allocation, capacity, physical })),
  };
}

export const blockStats: StatsGroup = async (source) => {
  const { view, backing } = source;
  const entries = entriesOf(currentConfig(view).devices.disks ?? [], backing);
  const each =
    view.live === undefined
      ? await Promise.all(entries.map((entry) => offEntry(source, entry)))
      : await liveEntries(source, entries);
  return merged([
    { "block.count": uint(entries.length) },
    ...each.map((stats, i) =>
      Object.fromEntries(
        Object.entries(stats).map(([name, one]) => [`block.${i}.${name}`, one] as const),
      ),
    ),
  ]);
};
