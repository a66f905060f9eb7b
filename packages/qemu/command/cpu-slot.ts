/** Places of the board that take a CPU, from the answer to `query-hotpluggable-cpus`. */
import type { JsonObject } from "../json.ts";

export interface CpuSlot {
  /** Kind of CPU that fits. */
  readonly driver: string;
  /** Where on the board, as `device_add` takes it. */
  readonly properties: JsonObject;
  /** Number of the first virtual CPU in it. */
  readonly first: number;
  /** How many virtual CPUs it has. */
  readonly count: number;
  /** Whether a CPU is in it. */
  readonly taken: boolean;
}

const PLACES = ["node-id", "socket-id", "die-id", "cluster-id", "core-id", "thread-id"] as const;
/** The node says where the memory is, not in which order CPUs are numbered. */
const ORDER = PLACES.slice(1);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function placeIn(props: unknown): Readonly<Record<string, number>> {
  if (!isRecord(props)) return {};
  return Object.fromEntries(
    PLACES.flatMap((name) => {
      const value = props[name];
      return typeof value === "number" ? [[name, value] as const] : [];
    }),
  );
}

/** In the order of the virtual CPUs' numbers: by socket, die, core and thread. */
export function parseSlots(answer: unknown): readonly CpuSlot[] {
  const slots = (Array.isArray(answer) ? answer : []).filter(isRecord).map((slot) => ({
    driver: String(slot["type"]),
    properties: placeIn(slot["props"]),
    count: Number(slot["vcpus-count"] ?? 1),
    taken: slot["qom-path"] !== undefined,
  }));
  slots.sort((a, b) => {
    const name = ORDER.find((one) => a.properties[one] !== b.properties[one]);
    return name === undefined ? 0 : (a.properties[name] ?? 0) - (b.properties[name] ?? 0);
  });
  let first = 0;
  return slots.map((slot) => {
    const placed = { ...slot, first };
    first += slot.count;
    return placed;
  });
}
