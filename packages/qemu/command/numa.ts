/** `-numa`: the guest's NUMA nodes, the memory of each, distances and speeds between them. */
import { type CommandArg, jsonArg, optionString, type OptionPair, rawArg } from "./argument.ts";
import { ranges } from "./cpu-set-text.ts";
import type { CommandInput } from "./input.ts";
import { roundToMiB } from "./memory.ts";
import { backingDefaults, memoryBackend, type MemoryBackendRequest } from "./memory-backend.ts";
import { hostNodes, hugepageKiB } from "./memory-policy.ts";

type Numa = NonNullable<NonNullable<CommandInput["domain"]["cpu"]>["numa"]>;
type Cell = NonNullable<Numa["cells"]>[number];

const ORIGIN = "/domain/cpu/numa";

function backendRequest(cell: Cell, node: number, input: CommandInput): MemoryBackendRequest {
  const { domain } = input;
  const backing = domain.memoryBacking;
  return {
    id: `ram-node${node}`,
    sizeKiB: roundToMiB(cell.memoryKiB),
    fileName: `ram-node${node}`,
    ...backingDefaults(input),
    access: cell.memAccess ?? backing?.access?.mode,
    discard: cell.discard ?? backing?.discard,
    hugepageKiB: hugepageKiB(input, node),
    ...hostNodes(input, node),
  };
}

/** A plain piece of memory needs no object where the machine still takes its size; the host's control groups bind it. */
const isPlain = (request: MemoryBackendRequest, ownPolicy: boolean): boolean =>
  !ownPolicy &&
  request.source === undefined &&
  request.access === undefined &&
  request.hugepageKiB === undefined &&
  request.discard === undefined;

/** Nodes without CPUs borrow those of the node they are closest to. */
function initiator(cells: readonly Cell[], cell: Cell, node: number): number | undefined {
  if ((cell.cpus?.length ?? 0) > 0) return node;
  const distances = cell.distances?.siblings ?? [];
  const withCpus = (id: number): boolean => (cells[id]?.cpus?.length ?? 0) > 0;
  const nearest = distances
    .filter((sibling) => sibling.id !== node && withCpus(sibling.id))
    .sort((a, b) => a.value - b.value)[0];
  return nearest?.id ?? cells.findIndex((_, id) => withCpus(id));
}

/** Whether memory speeds are described, which needs every node's initiator. */
const describesSpeed = (numa: Numa): boolean =>
  numa.interconnects !== undefined ||
  numa.cells?.some((cell) => (cell.caches?.length ?? 0) > 0) === true;

function cellArgs(
  cell: Cell,
  node: number,
  {
    numa,
    request,
    withObject,
    input,
  }: {
    readonly numa: Numa;
    readonly request: MemoryBackendRequest;
    readonly withObject: boolean;
    readonly input: CommandInput;
  },
): CommandArg[] {
  const origin = `${ORIGIN}/cell[${node + 1}]`;
  const cells = numa.cells ?? [];
  const pairs: OptionPair[] = [
    ["nodeid", node],
    ...ranges(cell.cpus ?? []).map((range): OptionPair => ["cpus", range]),
    ["initiator", describesSpeed(numa) ? initiator(cells, cell, node) : undefined],
    withObject ? ["memdev", request.id] : ["mem", request.sizeKiB / 1024],
  ];
  const objects = withObject ? memoryBackend(request, input.context) : [];
  return [
    ...objects.map((object) => jsonArg("-object", object, origin)),
    rawArg("-numa", optionString("node", pairs), origin),
  ];
}

const distanceArgs = (cells: readonly Cell[]): CommandArg[] =>
  cells.flatMap((cell, src) =>
    (cell.distances?.siblings ?? []).map((sibling) =>
      rawArg(
        "-numa",
        optionString("dist", [
          ["src", src],
          ["dst", sibling.id],
          ["val", sibling.value],
        ]),
        `${ORIGIN}/cell[${src + 1}]/distances`,
      ),
    ),
  );

const HIERARCHY = ["memory", "first-level", "second-level", "third-level"] as const;

interface Between {
  readonly initiator: number;
  readonly target: number;
  readonly cache?: number;
  readonly type: "access" | "read" | "write";
}

const speedArg = (
  speed: Between,
  kind: "latency" | "bandwidth",
  value: string | number,
): CommandArg =>
  rawArg(
    "-numa",
    optionString("hmat-lb", [
      ["initiator", speed.initiator],
      ["target", speed.target],
      ["hierarchy", HIERARCHY[speed.cache ?? 0]],
      ["data-type", `${speed.type}-${kind}`],
      [kind, value],
    ]),
    `${ORIGIN}/interconnects`,
  );

const speedArgs = ({ interconnects }: Numa): CommandArg[] => [
  ...(interconnects?.latencies ?? []).map((one) => speedArg(one, "latency", one.value)),
  ...(interconnects?.bandwidths ?? []).map((one) =>
    speedArg(one, "bandwidth", `${one.valueKiB ?? 0}K`),
  ),
];

const ASSOCIATIVITY = { none: "none", direct: "direct", full: "complex" } as const;
const WRITE_POLICY = {
  none: "none",
  writeback: "write-back",
  writethrough: "write-through",
} as const;

const cacheArgs = (cells: readonly Cell[]): CommandArg[] =>
  cells.flatMap((cell, node) =>
    (cell.caches ?? []).map((cache) =>
      rawArg(
        "-numa",
        optionString("hmat-cache", [
          ["node-id", node],
          ["size", `${cache.size?.sizeKiB ?? 0}K`],
          ["level", cache.level],
          ["associativity", ASSOCIATIVITY[cache.associativity]],
          ["policy", WRITE_POLICY[cache.policy]],
          ["line", cache.line?.value],
        ]),
        `${ORIGIN}/cell[${node + 1}]/cache`,
      ),
    ),
  );

export function numaArgs(input: CommandInput): CommandArg[] {
  const { domain, caps } = input;
  const numa = domain.cpu?.numa;
  const cells = numa?.cells ?? [];
  if (numa === undefined || cells.length === 0) return [];
  const requests = cells.map((cell, node) => backendRequest(cell, node, input));
  const takesSizes = caps.machine(domain.os.type.machine)?.numaMemSupported === true;
  const nodes = new Set(domain.numatune?.memnodes?.map((one) => one.cellid));
  const plain = requests.every((request, node) => isPlain(request, nodes.has(node)));
  const withObject = !takesSizes || !plain;
  return [
    ...cells.flatMap((cell, node) => {
      const request = requests[node];
      return request === undefined
        ? []
        : cellArgs(cell, node, { numa, request, withObject, input });
    }),
    ...distanceArgs(cells),
    ...speedArgs(numa),
    ...cacheArgs(cells),
  ];
}
