/** `<memory>` in `<devices>`: memory modules and persistent memory. */
import { virError } from "@vireo/model/error";
import type { MemoryDevice } from "@vireo/model/domain/device/memory-device";
import {
  backingDefaults,
  memoryBackend,
  type MemoryBackendRequest,
} from "../command/memory-backend.ts";
import { moduleKiB } from "../command/memory.ts";
import { hostNodes, hugepageKiB } from "../command/memory-policy.ts";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep, objectStep } from "./step.ts";

const bytes = (sizeKiB: number | undefined): number | undefined =>
  sizeKiB === undefined ? undefined : sizeKiB * 1024;

const isPersistent = (memory: MemoryDevice): boolean =>
  memory.model === "nvdimm" || memory.model === "virtio-pmem";

/** The guest node the module is plugged into. */
const cellOf = ({ target }: MemoryDevice, { domain }: DeviceScope) =>
  target?.node === undefined ? undefined : domain.cpu?.numa?.cells?.[target.node];

function accessOf(memory: MemoryDevice, scope: DeviceScope): "shared" | "private" | undefined {
  if (memory.model === "virtio-pmem") return "shared";
  const cell = cellOf(memory, scope);
  const { domain } = scope;
  return memory.access ?? cell?.memAccess ?? domain.memoryBacking?.access?.mode;
}

/** Contents of persistent memory are dropped only when its own definition says so. */
function discardOf(memory: MemoryDevice, scope: DeviceScope): boolean | undefined {
  if (isPersistent(memory)) return memory.discard;
  return memory.discard ?? cellOf(memory, scope)?.discard ?? scope.domain.memoryBacking?.discard;
}

/** virtio-mem takes memory when it is plugged in, so nothing is reserved for it before. */
const reserved = (memory: MemoryDevice, { caps }: DeviceScope): boolean | undefined =>
  memory.model === "virtio-mem" && caps.flags.has("memory-backend-file.reserve")
    ? false
    : undefined;

function preallocated(memory: MemoryDevice, { domain }: DeviceScope): boolean {
  if (memory.model === "virtio-mem" || memory.model === "virtio-pmem") return false;
  if (memory.model === "nvdimm") return memory.source?.pmem !== true;
  return domain.memoryBacking?.allocation?.mode === "immediate";
}

/** Persistent memory lies in a file of its own, the rest in huge pages where the node has them. */
function placeOf(
  memory: MemoryDevice,
  scope: DeviceScope,
): Pick<MemoryBackendRequest, "path" | "hugepageKiB"> {
  const { source, target } = memory;
  return isPersistent(memory)
    ? { path: source?.path }
    : { hugepageKiB: hugepageKiB(scope, target?.node ?? 0, source?.pageSizeKiB) };
}

function backendRequest(memory: MemoryDevice, scope: DeviceScope): MemoryBackendRequest {
  const { source, target } = memory;
  return {
    id: `mem${aliasOf(memory)}`,
    sizeKiB: moduleKiB(target?.sizeKiB),
    fileName: aliasOf(memory),
    ...backingDefaults(scope),
    ...placeOf(memory, scope),
    access: accessOf(memory, scope),
    discard: discardOf(memory, scope),
    pmem: source?.pmem,
    align: bytes(source?.alignSizeKiB),
    reserve: reserved(memory, scope),
    prealloc: preallocated(memory, scope),
    lazy: memory.model === "virtio-mem" && scope.caps.flags.has("virtio-mem-pci.prealloc"),
    ...hostNodes(scope, target?.node, source?.nodemask),
  };
}

const slotProps = ({ address }: MemoryDevice): JsonObject =>
  address?.type === "dimm"
    ? { slot: address.slot, addr: address.base === undefined ? undefined : BigInt(address.base) }
    : {};

const nvdimmProps = ({ uuid, target }: MemoryDevice): JsonObject => ({
  "label-size": bytes(target?.label?.sizeKiB),
  uuid,
  unarmed: target?.readonly === true ? true : undefined,
});

const virtioMemProps = (memory: MemoryDevice, scope: DeviceScope): JsonObject => ({
  node: memory.target?.node,
  "block-size": bytes(memory.target?.blockKiB),
  "requested-size": bytes(memory.target?.requestedKiB),
  prealloc: virtioMemPrealloc(memory, scope),
});

function frontend(memory: MemoryDevice, scope: DeviceScope): JsonObject {
  const node = memory.target?.node;
  switch (memory.model) {
    case "dimm":
      return { driver: "pc-dimm", node, ...slotProps(memory) };
    case "nvdimm":
      return { driver: "nvdimm", node, ...nvdimmProps(memory), ...slotProps(memory) };
    case "virtio-pmem":
      return { driver: "virtio-pmem-pci", ...busProps(memory, scope) };
    case "virtio-mem":
      return {
        driver: "virtio-mem-pci",
        ...virtioMemProps(memory, scope),
        ...busProps(memory, scope),
      };
    case "sgx-epc":
      throw virError("configUnsupported", "memory model 'sgx-epc' is part of the machine");
  }
}

/** The device takes its memory as it is plugged, where QEMU can do that. */
function virtioMemPrealloc(memory: MemoryDevice, scope: DeviceScope): true | undefined {
  const huge = placeOf(memory, scope).hugepageKiB !== undefined;
  const wanted = huge || scope.domain.memoryBacking?.allocation?.mode === "immediate";
  return wanted && scope.caps.flags.has("virtio-mem-pci.prealloc") ? true : undefined;
}

/** Enclave memory is named by the machine and has no device; see `command/machine`. */
export function memoryDeviceSteps(memory: MemoryDevice, scope: DeviceScope): PlugStep[] {
  if (memory.model === "sgx-epc") return [];
  const id = aliasOf(memory);
  const objects = memoryBackend(backendRequest(memory, scope), scope.context);
  return [
    ...objects.map((object) => objectStep(object, scope.origin)),
    deviceStep(given({ ...frontend(memory, scope), memdev: `mem${id}`, id }), scope.origin),
  ];
}
