/** Looks up, before QEMU opens them, which images lie below those that a domain names. */
import { stat } from "node:fs/promises";
import type { Disk } from "@vireo/model/domain/device/disk";
import type { BackingStore } from "@vireo/model/domain/device/disk-chain";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { HEADER_BYTES, readImageHeader, type ImageHeader } from "@vireo/qemu/block/image-header";
import { CHAIN_END, linkBelow, storeOf } from "@vireo/qemu/block/link-below";
import { storageSource, type DefinedImage } from "@vireo/qemu/block/source-of-disk";
import { within } from "../../host/clock.ts";
import { execProgram } from "../../host/exec.ts";

const LOOK_MS = 5000;
const DEPTH_LIMIT = 200;
/** Formats whose header may name another image. */
const CHAINED: ReadonlySet<string> = new Set(["qcow", "qcow2", "qed"]);

/** `undefined` when it cannot be read. By a program of its own, so that a dead disk holds nothing of ours. */
export async function headerAt(path: string): Promise<ImageHeader | undefined> {
  try {
    const [{ stdout }, about] = await Promise.all([
      execProgram("od", ["-An", "-v", "-tx1", `-N${HEADER_BYTES}`, "--", path], {
        timeoutMs: LOOK_MS,
      }),
      within(LOOK_MS, stat(path)),
    ]);
    return readImageHeader(Buffer.from(stdout.replaceAll(/\s+/g, ""), "hex"), about?.size ?? 0);
  } catch {
    return undefined; // QEMU opens it, or says why it cannot
  }
}

type Below = BackingStore | undefined;

/** What lies below the image at `path`; `undefined` when that cannot be known here. */
async function below(path: string, header: ImageHeader | undefined, depth: number): Promise<Below> {
  if (header === undefined || depth > DEPTH_LIMIT) return undefined;
  const link = linkBelow(path, header);
  if (link === undefined) return CHAIN_END;
  const { source } = link;
  if (source.type !== "file" && source.type !== "block") return storeOf(link, { above: path });
  const seen = await headerAt(source.path);
  if (seen === undefined) return undefined;
  const deeper = CHAINED.has(link.format ?? "raw")
    ? await below(source.path, seen, depth + 1)
    : CHAIN_END;
  return storeOf(link, {
    above: path,
    seen: seen.format,
    ...(deeper === undefined ? {} : { below: deeper }),
  });
}

async function belowImage(image: DefinedImage, format: string): Promise<Below> {
  const source = storageSource(image);
  if (source !== undefined && !CHAINED.has(format)) return CHAIN_END;
  if (source?.type !== "file" && source?.type !== "block") return undefined;
  return below(source.path, await headerAt(source.path), 0);
}

type Store = Exclude<BackingStore, { type: "none" }>;

/** A chain that the definition tells in part goes on from its last image. */
async function completed(store: Store): Promise<BackingStore> {
  const { backingStore } = store;
  if (backingStore?.type === "none") return store;
  const found =
    backingStore === undefined
      ? await belowImage(store, store.format?.type ?? "raw")
      : await completed(backingStore);
  return found === undefined ? store : { ...store, backingStore: found };
}

/** The disk with all images below it, as far as they can be found. @throws VireoError */
export async function withBackingChain<D extends Disk>(disk: D): Promise<D> {
  const { backingStore } = disk;
  if (backingStore?.type === "none" || disk.source === undefined) return disk;
  if (disk.type === "vhostuser" || disk.type === "volume") return disk;
  const found =
    backingStore === undefined
      ? await belowImage(disk, disk.driver?.type ?? "raw")
      : await completed(backingStore);
  return found === undefined ? disk : { ...disk, backingStore: found };
}

/**
 * The domain with the chain of each disk.
 * @param placed the same domain with files and devices instead of volumes
 */
export async function withBackingChains(
  config: ResolvedDomain,
  placed: ResolvedDomain,
): Promise<ResolvedDomain> {
  const { disks } = config.devices;
  if (disks === undefined) return config;
  const chained = await Promise.all((placed.devices.disks ?? []).map(withBackingChain));
  const grafted = disks.map((disk, i) => {
    const backingStore = chained[i]?.backingStore;
    return backingStore === undefined ? disk : { ...disk, backingStore };
  });
  return { ...config, devices: { ...config.devices, disks: grafted } };
}
