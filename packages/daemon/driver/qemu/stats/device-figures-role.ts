/** The driver's operations on figures of disks and network cards. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import {
  blockCounters,
  nodeSizes,
  stoppedDisks,
  type DeviceCounters,
} from "@vireo/qemu/block/block-figures";
import { imagesOf, nodesOf, type DiskImage } from "@vireo/qemu/block/disk-images";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import { currentConfig } from "../domain-report.ts";
import { peekBlock } from "./block-peek.ts";
import { countersOfCard } from "./interface-stats.ts";
import { COUNTERS_QUESTION, SIZES_QUESTION } from "./block-stats.ts";
import type { StatsSource } from "./group.ts";
import { sourceOf, type StatsSight } from "./stats-sight.ts";

/** By target or by path. */
const diskNamed = ({ devices }: ResolvedDomain, name: string): Disk | undefined =>
  devices.disks?.find((disk) => disk.target?.dev === name) ??
  devices.disks?.find((disk) => name !== "" && imagesOf(disk)[0]?.path === name);

const silent = (actor: DomainActor) =>
  virError("operationTimeout", `the monitor of domain '${actor.view.name}' does not answer`);

/** libvirt's names, in its order. */
const NAMES = [
  ["wr_bytes", "writeBytes"],
  ["wr_operations", "writeRequests"],
  ["rd_bytes", "readBytes"],
  ["rd_operations", "readRequests"],
  ["flush_operations", "flushRequests"],
  ["wr_total_times", "writeTimeNs"],
  ["rd_total_times", "readTimeNs"],
  ["flush_total_times", "flushTimeNs"],
] as const satisfies readonly (readonly [string, keyof DeviceCounters])[];

async function countersOf(
  actor: DomainActor,
  source: StatsSource,
  name: string,
): Promise<Readonly<Record<string, number>>> {
  const disk = name === "" ? undefined : diskNamed(currentConfig(actor.view), name);
  if (name !== "" && disk === undefined) throw virError("invalidArg", `invalid path: ${name}`);
  const answer = await source.ask(...COUNTERS_QUESTION);
  if (answer === undefined) throw silent(actor);
  const { devices } = blockCounters(answer);
  const one = disk && devices.get(disk.alias?.name ?? "");
  if (disk !== undefined && one === undefined)
    throw virError("internalError", `cannot find statistics for device '${name}'`);
  const counted = one === undefined ? [...devices.values()] : [one];
  return Object.fromEntries(
    NAMES.map(([field, counter]) => [
      field,
      counted.reduce((sum, counters) => sum + counters[counter], 0),
    ]),
  );
}

/** @throws VireoError `invalidArg` when there is no such disk, or nothing in it */
function imageNamed(actor: DomainActor, name: string) {
  const disk = diskNamed(currentConfig(actor.view), name);
  if (disk === undefined)
    throw virError("invalidArg", `invalid path ${name} not assigned to domain`);
  const [image] = imagesOf(disk);
  if (image === undefined)
    throw virError("invalidArg", `disk '${name}' does not currently have a source assigned`);
  return { disk, image };
}

/** What QEMU knows of an image; nothing while the domain is off. */
async function nodeOf(source: StatsSource, { id }: DiskImage) {
  if (id === undefined) return undefined;
  const [counters, nodes] = await Promise.all([
    source.ask(...COUNTERS_QUESTION),
    source.ask(...SIZES_QUESTION),
  ]);
  const { format } = nodesOf(id);
  const sizes = nodeSizes(nodes).get(format);
  const written = blockCounters(counters).highest.get(format) ?? 0;
  return sizes && { capacity: sizes.capacity, taken: sizes.allocated ?? 0, written };
}

/** QEMU knows how far a guest has written; the file's own length is the file system's to tell. */
async function infoOf(
  actor: DomainActor,
  source: StatsSource,
  name: string,
): Promise<OperationOutput<"domain", "blockInfo">> {
  const { disk, image } = imageNamed(actor, name);
  const raw = disk.driver?.type === "raw";
  const [file, node] = await Promise.all([
    image.path === undefined ? undefined : source.sizesOf(image.path, { raw }),
    nodeOf(source, image),
  ]);
  if (node !== undefined)
    return {
      capacity: node.capacity,
      allocation: node.written === 0 ? node.taken : node.written,
      physical: file?.physical ?? node.taken,
    };
  if (file === undefined)
    throw virError("internalError", `the sizes of disk '${name}' cannot be found out`);
  return { capacity: file.capacity, allocation: file.allocated, physical: file.physical };
}

async function errorsOf(
  actor: DomainActor,
  source: StatsSource,
): Promise<OperationOutput<"domain", "diskErrors">> {
  const answer = await source.ask("query-block");
  if (answer === undefined) throw silent(actor);
  const stopped = stoppedDisks(answer);
  const disks = actor.view.live?.config.devices.disks ?? [];
  const errors = disks.flatMap(({ target, alias }) => {
    const status = stopped.get(alias?.name ?? "");
    if (status === undefined) return [];
    const error = status === "nospace" ? ("noSpace" as const) : ("unspecified" as const);
    return [{ disk: target?.dev ?? "", error }];
  });
  return { disks: disks.length, errors };
}

/**
 * The image that `vda` or `vda[3]` names.
 * @throws VireoError `invalidArg`
 */
function imageAt({ devices }: ResolvedDomain, device: string): DiskImage {
  const [, target = device, index = "0"] = /^(.*)\[(\d+)\]$/.exec(device) ?? [];
  const disk = devices.disks?.find((one) => one.target?.dev === target);
  const images = disk === undefined ? [] : imagesOf(disk);
  const wanted = Number(index);
  const image = wanted === 0 ? images[0] : images.find(({ id }) => id === wanted);
  if (image !== undefined) return image;
  if (disk === undefined || wanted !== 0)
    throw virError("invalidArg", `failed to find disk '${device}'`);
  throw virError("invalidArg", `disk '${device}' does not currently have a source assigned`);
}

async function setThreshold(
  actor: DomainActor,
  { device, threshold }: OperationInput<"domain", "setBlockThreshold">,
): Promise<void> {
  const { id = 0 } = imageAt(currentConfig(actor.view), device);
  await actor.ask("block-set-write-threshold", {
    "node-name": nodesOf(id).storage,
    "write-threshold": threshold,
  });
}

export const deviceFiguresRole = ({ list }: Definitions, sight: StatsSight): Role<"domain"> => {
  const running = (input: { readonly domain: Parameters<typeof list.find>[0] }): DomainActor => {
    const actor = list.find(input.domain);
    actor.allow("control");
    return actor;
  };
  return {
    blockStats: (input) => {
      const actor = running(input);
      return countersOf(actor, sourceOf(sight, actor), input.disk);
    },
    interfaceStats: (input) => countersOfCard(currentConfig(running(input).view), input.device),
    blockInfo: (input) => {
      const actor = list.find(input.domain);
      return infoOf(actor, sourceOf(sight, actor), input.disk);
    },
    blockPeek: ({ domain, disk: name, ...piece }) => {
      const disk = diskNamed(currentConfig(list.find(domain).view), name);
      if (disk === undefined)
        throw virError("invalidArg", `disk '${name}' was not found in the domain config`);
      return peekBlock(disk, piece);
    },
    diskErrors: (input) => {
      const actor = running(input);
      return errorsOf(actor, sourceOf(sight, actor));
    },
    setBlockThreshold: (input) => {
      const actor = list.find(input.domain);
      return actor.turn("control", () => setThreshold(actor, input));
    },
  };
};
