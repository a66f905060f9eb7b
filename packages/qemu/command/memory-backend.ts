/** A piece of host memory given to the guest: `-object memory-backend-...`. */
import { virError } from "@vireo/model/error";
import { given, type JsonObject } from "../json.ts";
import type { CommandContext, HugepageMount } from "./context.ts";
import type { CommandInput } from "./input.ts";

/** What a memory object must be; sizes in KiB. */
export interface MemoryBackendRequest {
  readonly id: string;
  readonly sizeKiB: number;
  /** Directory member for file-backed memory that is not hugepages. */
  readonly fileName: string;
  /** `memfd`, `file` or `anonymous`, from `<memoryBacking><source>`. */
  readonly source?: string | undefined;
  readonly access?: "shared" | "private" | undefined;
  readonly discard?: boolean | undefined;
  /** Size of the huge pages to use; undefined: ordinary pages. */
  readonly hugepageKiB?: number | undefined;
  /** Memory of a file of its own: NVDIMM, virtio-pmem. */
  readonly path?: string | undefined;
  readonly pmem?: boolean | undefined;
  readonly align?: number | undefined;
  readonly reserve?: boolean | undefined;
  /** Allocate everything at start. */
  readonly prealloc?: boolean | undefined;
  /** The device allocates, so the object never does, huge pages or not. */
  readonly lazy?: boolean | undefined;
  readonly preallocThreads?: number | undefined;
  readonly hostNodes?: readonly number[] | undefined;
  readonly policy?: string | undefined;
  /** Keeps migration working for the machine's own RAM; absent when QEMU lacks the property. */
  readonly canonicalPathForRam?: boolean | undefined;
  /** QEMU can allocate from threads bound to the host nodes. */
  readonly threadContext?: boolean | undefined;
}

const POLICY: Readonly<Record<string, string>> = {
  strict: "bind",
  preferred: "preferred",
  interleave: "interleave",
};

/** Where memory comes from on this host. */
export type MemoryFacts = Pick<CommandContext, "shortName" | "memoryBackingDir" | "hugepageMounts">;

type Kind = "memory-backend-ram" | "memory-backend-file" | "memory-backend-memfd";

function kindOf(request: MemoryBackendRequest): Kind {
  if (request.path !== undefined) return "memory-backend-file";
  if (request.source === "memfd") return "memory-backend-memfd";
  const needsFile =
    request.hugepageKiB !== undefined || request.access !== undefined || request.source === "file";
  return needsFile ? "memory-backend-file" : "memory-backend-ram";
}

/** The mount that serves pages of a size, as libvirt words its absence. */
function hugepageMount(mounts: readonly HugepageMount[], sizeKiB: number): HugepageMount {
  const mount = mounts.find((one) => one.sizeKiB === sizeKiB);
  if (mount === undefined)
    throw virError("internalError", `Unable to find any usable hugetlbfs mount for ${sizeKiB} KiB`);
  return mount;
}

/** This domain's directory on the mount that serves pages of a size. */
export const hugepageDirectory = (sizeKiB: number, context: MemoryFacts): string =>
  `${hugepageMount(context.hugepageMounts, sizeKiB).path}/libvirt/qemu/${context.shortName}`;

function filePath(request: MemoryBackendRequest, context: MemoryFacts): string {
  if (request.path !== undefined) return request.path;
  if (request.hugepageKiB !== undefined) {
    return hugepageDirectory(request.hugepageKiB, context);
  }
  return `${context.memoryBackingDir}/${context.shortName}/${request.fileName}`;
}

const kindProps = (kind: Kind, request: MemoryBackendRequest, context: MemoryFacts): JsonObject => {
  switch (kind) {
    case "memory-backend-ram":
      return {};
    case "memory-backend-memfd":
      return request.hugepageKiB === undefined
        ? {}
        : { hugetlb: true, hugetlbsize: request.hugepageKiB * 1024 };
    case "memory-backend-file":
      return { "mem-path": filePath(request, context) };
  }
};

/** Host nodes the memory is bound to, and how; none when any will do. */
function bindingOf({ hostNodes, policy }: MemoryBackendRequest): JsonObject & {
  readonly "host-nodes"?: readonly number[];
  readonly policy?: string;
} {
  const bound = policy === undefined ? undefined : POLICY[policy];
  if (bound === undefined || hostNodes === undefined || hostNodes.length === 0) return {};
  return { "host-nodes": hostNodes, policy: bound };
}

/** Properties that only memory in files or descriptors has. */
const sharedProps = (kind: Kind, request: MemoryBackendRequest): JsonObject =>
  kind === "memory-backend-ram"
    ? {}
    : {
        "discard-data": request.discard,
        share: request.access === undefined ? undefined : request.access === "shared",
        "x-use-canonical-path-for-ramblock-id": request.canonicalPathForRam,
      };

/** Huge pages are taken at once: a guest would die when they run out later. */
const isPreallocated = ({ lazy, prealloc, hugepageKiB }: MemoryBackendRequest): boolean =>
  lazy !== true && (prealloc === true || hugepageKiB !== undefined);

/** The object, after the thread context that fills it when one is needed. */
export function memoryBackend(
  request: MemoryBackendRequest,
  context: MemoryFacts,
): readonly JsonObject[] {
  const kind = kindOf(request);
  const prealloc = isPreallocated(request);
  const binding = bindingOf(request);
  const nodes = prealloc && request.threadContext === true ? binding["host-nodes"] : undefined;
  const threads = nodes === undefined ? undefined : `tc-${request.id}`;
  const backend = given({
    "qom-type": kind,
    id: request.id,
    ...kindProps(kind, request, context),
    ...sharedProps(kind, request),
    prealloc: prealloc ? true : undefined,
    "prealloc-threads": prealloc ? request.preallocThreads : undefined,
    reserve: request.reserve,
    pmem: request.pmem,
    align: request.align,
    size: request.sizeKiB * 1024,
    ...binding,
    "prealloc-context": threads,
  });
  if (threads === undefined) return [backend];
  return [{ "qom-type": "thread-context", id: threads, "node-affinity": nodes }, backend];
}

/** What `<memoryBacking>` says for every piece of memory. */
export function backingDefaults({
  domain: { memoryBacking },
  caps,
}: Pick<CommandInput, "domain" | "caps">): Pick<
  MemoryBackendRequest,
  "source" | "prealloc" | "preallocThreads" | "threadContext"
> {
  return {
    source: memoryBacking?.source?.type,
    prealloc: memoryBacking?.allocation?.mode === "immediate",
    preallocThreads: memoryBacking?.allocation?.threads,
    threadContext: caps.flags.has("thread-context"),
  };
}
