/** A domain like another one. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { Domain } from "@vireo/model/domain/domain";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import type { OperationInput } from "@vireo/model/operation/operations";
import { formatVolume } from "@vireo/model/storage/parse-volume";
import type { DomainVolume, Followed } from "../../contract.ts";
import { checkName, define, keepDefinition, readDefinition, undefine } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";
import { imageOf } from "../snapshot/image-readers.ts";
import type { Making } from "./making.ts";

type Wish = OperationInput<"domain", "clone">;

/** A disk of each domain: as it was, or a new one. */
interface Pair {
  readonly original: Disk;
  readonly copy: Disk;
}

const xmlOf = (domain: Domain): string => formatDomain(domain, { secure: true });

const onFile = (disk: Disk, file: string, type: "qcow2" | undefined): Disk => {
  const { backingStore: _below, ...rest } = disk;
  const driver = { ...disk.driver, ...(type === undefined ? {} : { type }) };
  return { ...rest, type: "file", source: { file }, driver };
};

/** @throws VireoError `operationUnsupported`, `noStorageVol` */
function volumeOf({ definitions: { env }, volumeWork }: Making, disk: Disk): DomainVolume {
  const path = imageOf(disk, env.volumes);
  if (path !== undefined) return volumeWork.at(path);
  const name = disk.target?.dev ?? "";
  throw virError("operationUnsupported", `disk '${name}' is on no volume of a pool`);
}

let unique = 0;
const layerName = (domain: string, target: string): string =>
  `${domain}-${target}-${Date.now().toString(36)}${(unique += 1)}.qcow2`;

/** What nobody may write to, and what several write to, both domains have. */
const isOwn = ({ device, readonly, shareable, source }: Disk): boolean =>
  (device === undefined || device === "disk") &&
  readonly !== true &&
  shareable !== true &&
  source !== undefined;

async function cloned(
  making: Making,
  disk: Disk,
  { wish, original, followed }: Copying,
): Promise<Pair> {
  if (!isOwn(disk)) return { original: disk, copy: disk };
  const below = volumeOf(making, disk);
  const { pool, capacity, format } = below;
  const target = disk.target?.dev ?? "disk";
  const type = "file";
  if (wish.linked !== true) {
    const name = `${wish.name}-${target}.${format}`;
    const xml = formatVolume({
      type,
      name,
      capacity,
      allocation: 0,
      target: { format: { type: format } },
    });
    const from = { pool, name: below.name };
    const { path } = await making.volumes.make({ pool, xml, from, followed });
    return { original: disk, copy: onFile(disk, path, undefined) };
  }
  const layer = async (domain: string): Promise<Disk> => {
    const xml = formatVolume({
      type,
      name: layerName(domain, target),
      capacity,
      allocation: 0,
      target: { format: { type: "qcow2" } },
      backingStore: { path: below.path, format: { type: format } },
    });
    return onFile(disk, (await making.volumes.make({ pool, xml })).path, "qcow2");
  };
  return { original: await layer(original.view.name), copy: await layer(wish.name) };
}

interface Cloning {
  readonly wish: Wish;
  readonly original: DomainActor;
}

interface Copying extends Cloning {
  readonly followed: Followed;
}

const withDisks = (domain: Domain, disks: readonly Disk[]): Domain => ({
  ...domain,
  devices: { ...domain.devices, disks },
});

/** Without what only one domain may have. */
function anonymous({ uuid: _uuid, os, ...domain }: Domain, name: string): Domain {
  const { nvram: _nvram, ...booted } = os ?? {};
  const interfaces = (domain.devices?.interfaces ?? []).map(({ mac: _mac, ...one }) => one);
  const devices = { ...domain.devices, interfaces };
  return { ...domain, name, devices, ...(os === undefined ? {} : { os: booted }) };
}

/** The original goes on in its layers; before the copy comes to be, for both must never have the same image to write to. */
async function moveOriginal(
  { definitions: { env }, undo }: Making,
  original: DomainActor,
  moved: Domain,
): Promise<void> {
  const before = original.view.definition;
  const definition = await readDefinition(env, { xml: xmlOf(moved) });
  await keepDefinition(env, original, definition);
  undo.add("the original's layers", () => keepDefinition(env, original, before));
}

async function clone(making: Making, { wish, original }: Cloning): Promise<DomainIdentity> {
  const { definitions, undo, steps } = making;
  const { domain } = parseDomain(xmlOf(original.view.definition));
  const disks = domain.devices?.disks ?? [];
  const pairs: Pair[] = [];
  steps.of(disks.length + 1);
  for (const disk of disks) {
    const followed = steps.next();
    pairs.push(await cloned(making, disk, { wish, original, followed }));
  }
  steps.next();
  if (wish.linked === true)
    await moveOriginal(
      making,
      original,
      withDisks(
        domain,
        pairs.map((pair) => pair.original),
      ),
    );
  const copy = anonymous(
    withDisks(
      domain,
      pairs.map((pair) => pair.copy),
    ),
    wish.name,
  );
  const made = await define(definitions, { xml: xmlOf(copy) });
  undo.add(`domain '${wish.name}'`, () => undefine(definitions, { domain: { uuid: made.uuid } }));
  return made;
}

/**
 * The original keeps its turn until all is copied: it does not start meanwhile.
 * @throws VireoError `operationInvalid` unless it is off, `operationFailed` when the name is taken
 */
export function cloneDomain(making: Making, wish: Wish): Promise<DomainIdentity> {
  const { list } = making.definitions;
  checkName(wish.name);
  const taken = list.lookUp({ name: wish.name });
  if (taken !== undefined)
    throw virError(
      "operationFailed",
      `domain '${wish.name}' already exists with uuid ${taken.view.uuid}`,
    );
  const original = list.find(wish.domain);
  return original.change("clone", () => {
    if (original.view.live !== undefined)
      throw virError("operationInvalid", `domain '${original.view.name}' must be shut off`);
    return clone(making, { wish, original });
  });
}
