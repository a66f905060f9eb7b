/** After one image was written into the one below it: everybody who named it names that one. */
import type { Disk } from "@vireo/model/domain/device/disk";
import type { BackingStore } from "@vireo/model/domain/device/disk-chain";
import type { Domain } from "@vireo/model/domain/domain";
import { formatDomain } from "@vireo/model/domain/format-domain";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { pathOf } from "@vireo/model/moment/align-disks";
import type { Snapshot } from "@vireo/model/moment/parse-snapshot";
import { imageChain } from "../../../host/qemu-img.ts";
import type { DeviceWork } from "../device-work.ts";
import { keepSnapshots, snapshotsOf } from "./load-snapshots.ts";

export interface Merged {
  readonly from: string;
  readonly into: string;
}
interface Into extends Merged {
  readonly format: string;
}

type Link = Exclude<BackingStore, { type: "none" }>;
const isLink = (store: BackingStore | undefined): store is Link =>
  store !== undefined && store.type !== "none";

/** The chain below without the image that is gone. */
function without(store: BackingStore | undefined, from: string): BackingStore | undefined {
  if (!isLink(store)) return store;
  if (pathOf(store) === from) return store.backingStore;
  const below = without(store.backingStore, from);
  return below === undefined ? store : ({ ...store, backingStore: below } as BackingStore); // as it was
}

function changed(disk: Disk, { from, into, format }: Into): Disk {
  const { backingStore } = disk;
  if (pathOf(disk) !== from) {
    const below = without(backingStore, from);
    return below === undefined ? disk : ({ ...disk, backingStore: below } as Disk); // of the same type
  }
  const { backingStore: _old, ...rest } = disk;
  const driver = { ...disk.driver, type: format };
  if (!isLink(backingStore))
    return { ...rest, type: "file", driver, source: { file: into } } as Disk; // as libvirt names it
  const { source, type, index } = backingStore as Link & { readonly index?: number };
  const below = backingStore.backingStore;
  return {
    ...rest,
    type,
    driver,
    source: { ...source, ...(index === undefined ? {} : { index }) },
    ...(below === undefined ? {} : { backingStore: below }),
  } as Disk; // the image below becomes the disk's own
}

const inDomain = <D extends Domain>(domain: D, merged: Into): D => {
  const disks = domain.devices?.disks?.map((disk) => changed(disk, merged));
  return disks === undefined ? domain : { ...domain, devices: { ...domain.devices, disks } };
};

const inSnapshot = (snapshot: Snapshot, merged: Into): Snapshot => {
  const { domain, inactiveDomain } = snapshot;
  return {
    ...snapshot,
    ...(domain && { domain: inDomain(domain, merged) }),
    ...(inactiveDomain && { inactiveDomain: inDomain(inactiveDomain, merged) }),
  };
};

/** On disk, too, when it resolves. */
export async function mergedInto(
  { actor, definitions: { env } }: DeviceWork,
  merged: Merged,
): Promise<void> {
  const [image] = await imageChain(merged.into);
  const into: Into = { ...merged, format: image?.format ?? "raw" };
  const { definition, live, persistent, name } = actor.view;
  const next: ResolvedDomain = inDomain(definition, into);
  if (persistent) await env.store.saveDefinition(name, formatDomain(next, { secure: true }));
  actor.update({
    definition: next,
    ...(live && { live: { ...live, config: inDomain(live.config, into) } }),
  });
  await actor.kept();
  const { all, current } = snapshotsOf(actor);
  const known = [...all].map(([key, one]) => [key, inSnapshot(one, into)] as const);
  await keepSnapshots(env, actor, { all: new Map(known), current });
}
