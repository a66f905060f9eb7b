/** From a wish to the snapshot that is to be made: in which state, where the memory, where each disk. Pure. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { badArgument, virError } from "@vireo/model/error";
import { alignDisks, type AlignedDisk } from "@vireo/model/moment/align-disks";
import type { Snapshot, WrittenSnapshot } from "@vireo/model/moment/parse-snapshot";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { DomainView } from "../domain-view.ts";

export type CreateInput = OperationInput<"domainSnapshot", "create">;

export interface SnapshotPlan {
  readonly snapshot: Snapshot;
  readonly internal: readonly AlignedDisk[];
  readonly external: readonly AlignedDisk[];
}

/** Flags that contradict each other, in libvirt's words. */
const EXCLUSIVE = [
  ["live", "redefine", "VIR_DOMAIN_SNAPSHOT_CREATE_LIVE", "VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE"],
  ["halt", "redefine", "VIR_DOMAIN_SNAPSHOT_CREATE_HALT", "VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE"],
  ["live", "halt", "VIR_DOMAIN_SNAPSHOT_CREATE_LIVE", "VIR_DOMAIN_SNAPSHOT_CREATE_HALT"],
] as const;

const BY = { function: "qemuSnapshotCreateXML", argument: "flags" };

export function checkFlags(input: CreateInput): void {
  if (input.quiesce === true && input.diskOnly !== true)
    throw badArgument(
      "Flag 'VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY' is required by flag 'VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE'",
      BY,
    );
  for (const [one, other, oneWord, otherWord] of EXCLUSIVE)
    if (input[one] === true && input[other] === true)
      throw badArgument(`Flags '${oneWord}' and '${otherWord}' are mutually exclusive`, BY);
}

export function checkSnapshotName(name: string): void {
  if (name.includes("/"))
    throw virError("xmlDetail", `invalid snapshot name '${name}': name can't contain '/'`);
  if (name.startsWith("."))
    throw virError("xmlDetail", `invalid snapshot name '${name}': name can't start with '.'`);
}

type Placed = Pick<Snapshot, "state" | "memory"> & { readonly mode: "internal" | "external" };

/** What runs decides, unless only the disks are asked for. */
function placeOf({ state, live }: DomainView, wish: WrittenSnapshot, input: CreateInput): Placed {
  const now = state.state;
  if (input.diskOnly === true) {
    if (wish.memory?.snapshot !== undefined && wish.memory.snapshot !== "no")
      throw virError("xmlError", "memory state cannot be saved with offline or disk-only snapshot");
    const only = live === undefined ? "shutoff" : "disk-snapshot";
    return { state: only, memory: { snapshot: "no" }, mode: "external" };
  }
  if (wish.memory?.snapshot === "external") {
    if (live === undefined)
      throw virError("xmlError", "memory state cannot be saved with offline or disk-only snapshot");
    return { state: now, memory: wish.memory, mode: "external" };
  }
  return {
    state: now,
    memory: { snapshot: live === undefined ? "no" : "internal" },
    mode: "internal",
  };
}

function checkState(
  { state, live, persistent }: DomainView,
  wish: WrittenSnapshot,
  input: CreateInput,
): void {
  if (!persistent && input.halt === true)
    throw virError("operationInvalid", "cannot halt after transient domain snapshot");
  if (state.state === "pmsuspended")
    throw virError(
      "operationUnsupported",
      "qemu doesn't support taking snapshots of PMSUSPENDED guests",
    );
  if (input.live === true && (live === undefined || wish.memory?.snapshot !== "external"))
    throw virError(
      "operationUnsupported",
      "live snapshot creation is supported only during full system snapshots",
    );
}

const unsupported = (detail: string) => virError("configUnsupported", detail);

function checkInternal({ snapshot, internal }: SnapshotPlan): void {
  for (const { disk, wish } of internal) {
    if (snapshot.state === "disk-snapshot")
      throw unsupported(
        `active qemu domains require external disk snapshots; disk ${wish.name} requested internal`,
      );
    const type = disk.driver?.type ?? "raw";
    if (type !== "qcow2")
      throw unsupported(
        `internal snapshot for disk ${wish.name} unsupported for storage type ${type}`,
      );
  }
}

function checkKinds(plan: SnapshotPlan): void {
  const { snapshot, internal, external } = plan;
  checkInternal(plan);
  if (internal.length > 0 && external.length > 0)
    throw unsupported("mixing internal and external targets for a snapshot is not yet supported");
  if (internal.length + external.length === 0 && snapshot.memory?.snapshot !== "external")
    throw unsupported("nothing selected for snapshot");
}

interface Wish {
  readonly wish: WrittenSnapshot;
  readonly input: CreateInput;
  /** The domain as it is to be kept. */
  readonly domain: ResolvedDomain;
}

/**
 * @param now seconds since 1970
 * @throws VireoError `configUnsupported`, `operationUnsupported`, `operationInvalid`, `xmlError`
 */
export function planSnapshot(
  view: DomainView,
  { wish, input, domain }: Wish,
  now: number,
): SnapshotPlan {
  checkState(view, wish, input);
  const config = view.live?.config ?? view.definition;
  const name = wish.name ?? String(now);
  const { mode, ...place } = placeOf(view, wish, input);
  const uniform = mode === "internal";
  const aligned = alignDisks(config.devices.disks ?? [], wish.disks, { mode, uniform, name });
  const parent = view.snapshots?.current;
  const { description } = wish;
  const plan = {
    internal: aligned.filter(({ wish: { snapshot } }) => snapshot === "internal"),
    external: aligned.filter(({ wish: { snapshot } }) => snapshot === "external"),
    snapshot: {
      name,
      ...(description === undefined ? {} : { description }),
      ...place,
      ...(parent === undefined ? {} : { parent: { name: parent } }),
      creationTime: now,
      disks: aligned.map((one) => one.wish),
      domain,
      ...(view.live !== undefined && view.persistent ? { inactiveDomain: view.definition } : {}),
    },
  };
  checkKinds(plan);
  return plan;
}
