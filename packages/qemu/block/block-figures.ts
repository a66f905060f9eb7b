/** What QEMU tells of its block devices and nodes, in numbers. Pure. */

/** Counters of a guest's device; times in nanoseconds. */
export const DEVICE_COUNTERS = {
  readRequests: "rd_operations",
  readBytes: "rd_bytes",
  readTimeNs: "rd_total_time_ns",
  writeRequests: "wr_operations",
  writeBytes: "wr_bytes",
  writeTimeNs: "wr_total_time_ns",
  flushRequests: "flush_operations",
  flushTimeNs: "flush_total_time_ns",
} as const;

export type DeviceCounters = Readonly<Record<keyof typeof DEVICE_COUNTERS, number>>;

export interface BlockCounters {
  /** By alias of the disk. */
  readonly devices: ReadonlyMap<string, DeviceCounters>;
  /** Highest place written to below a node, by name of the node. */
  readonly highest: ReadonlyMap<string, number>;
}

/** One block node's image, in bytes. */
export interface NodeSizes {
  readonly capacity: number;
  readonly allocated?: number;
  /** 0 when none is set. */
  readonly threshold: number;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const fieldsIn = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];
const inner = (fields: Fields, name: string): Fields | undefined => {
  const value = fields[name];
  return isFields(value) ? value : undefined;
};
const numberIn = (fields: Fields | undefined, name: string): number => {
  const value = fields?.[name];
  return typeof value === "number" ? value : 0;
};
const textIn = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === "string" ? value : "";
};

/** Our alias in QEMU's path or id of a device: `/machine/peripheral/virtio-disk0/virtio-backend`. */
export const aliasOfDevice = (qdev: string): string =>
  /^\/machine\/peripheral\/([^/]+)/.exec(qdev)?.[1] ?? qdev;

const countersOf = (stats: Fields | undefined): DeviceCounters => ({
  readRequests: numberIn(stats, DEVICE_COUNTERS.readRequests),
  readBytes: numberIn(stats, DEVICE_COUNTERS.readBytes),
  readTimeNs: numberIn(stats, DEVICE_COUNTERS.readTimeNs),
  writeRequests: numberIn(stats, DEVICE_COUNTERS.writeRequests),
  writeBytes: numberIn(stats, DEVICE_COUNTERS.writeBytes),
  writeTimeNs: numberIn(stats, DEVICE_COUNTERS.writeTimeNs),
  flushRequests: numberIn(stats, DEVICE_COUNTERS.flushRequests),
  flushTimeNs: numberIn(stats, DEVICE_COUNTERS.flushTimeNs),
});

/** Longest backing chain that is looked through. */
const DEPTH_LIMIT = 1000;

/** The answer to `query-blockstats`: what QEMU calls the parent of a node lies below it. */
export function blockCounters(answer: unknown): BlockCounters {
  const devices = new Map<string, DeviceCounters>();
  const highest = new Map<string, number>();
  for (const device of fieldsIn(answer)) {
    const alias = aliasOfDevice(textIn(device, "qdev") || textIn(device, "device"));
    if (alias !== "") devices.set(alias, countersOf(inner(device, "stats")));
    let node: Fields | undefined = device;
    for (let depth = 0; node !== undefined && depth < DEPTH_LIMIT; depth++) {
      const below = inner(node, "parent");
      if (below !== undefined)
        highest.set(
          textIn(node, "node-name"),
          numberIn(inner(below, "stats"), "wr_highest_offset"),
        );
      node = inner(node, "backing");
    }
  }
  return { devices, highest };
}

/** The answer to `query-named-block-nodes`, by name of the node. */
export function nodeSizes(answer: unknown): ReadonlyMap<string, NodeSizes> {
  return new Map(
    fieldsIn(answer).map((node) => {
      const image = inner(node, "image");
      const allocated = image?.["actual-size"];
      const sizes = {
        capacity: numberIn(image, "virtual-size"),
        ...(typeof allocated === "number" ? { allocated } : {}),
        threshold: numberIn(node, "write_threshold"),
      };
      return [textIn(node, "node-name"), sizes] as const;
    }),
  );
}

/** Disks that have stopped, by alias, from the answer to `query-block`. */
export function stoppedDisks(answer: unknown): ReadonlyMap<string, "failed" | "nospace"> {
  return new Map(
    fieldsIn(answer).flatMap((device) => {
      const status = device["io-status"];
      if (status !== "failed" && status !== "nospace") return [];
      return [[aliasOfDevice(textIn(device, "qdev")), status] as const];
    }),
  );
}
