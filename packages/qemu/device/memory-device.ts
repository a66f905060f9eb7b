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

function accessOf(memory: MemoryDevice, { domain }: DeviceScope): "shared" | "private" | undefined {
  if (memory.model === "virtio-pmem") return "shared";
  const { node } = memory.target ?? {};
  const cell = node === undefined ? undefined : domain.cpu?.numa?.cells?.[node];
  return memory.access ?? cell?.memAccess ?? domain.memoryBacking?.access?.mode;
}

/** virtio-mem takes memory when it is plugged in, so nothing is reserved for it before. */
const reserved = (memory: MemoryDevice, { caps }: DeviceScope): boolean | undefined =>
  memory.model === "virtio-mem" && caps.flags.has("memory-backend-file.reserve")
    ? false
    : undefined;

function preallocated(memory: MemoryDevice, { domain }: DeviceScope): boolean {
  if (memory.model === "virtio-mem" || memory.model === "virtio-pmem") return false;
  return memory.model === "nvdimm" || domain.memoryBacking?.allocation?.mode === "immediate";
}

function backendRequest(memory: MemoryDevice, scope: DeviceScope): MemoryBackendRequest {
  const { domain } = scope;
  const { source, target } = memory;
  const node = target?.node ?? 0;
  const persistent = isPersistent(memory);
  return {
    id: `mem${aliasOf(memory)}`,
    sizeKiB: moduleKiB(target?.sizeKiB),
    fileName: aliasOf(memory),
    ...backingDefaults(scope),
    access: accessOf(memory, scope),
    discard: memory.discard ?? domain.memoryBacking?.discard,
    hugepageKiB: persistent ? undefined : hugepageKiB(scope, node, source?.pageSizeKiB),
    path: persistent ? source?.path : undefined,
    pmem: source?.pmem,
    align: bytes(source?.alignSizeKiB),
    reserve: reserved(memory, scope),
    prealloc: preallocated(memory, scope),
    ...hostNodes(scope, target?.node, source?.nodemask),
  };
}

const slotProps = ({ address }: MemoryDevice): JsonObject =>
  address?.type === "dimm"
    ? { slot: address.slot, addr: address.base === undefined ? undefined : BigInt(address.base) }
    : {};

function frontend(memory: MemoryDevice, scope: DeviceScope): JsonObject {
  const { target } = memory;
  switch (memory.model) {
    case "dimm":
      return { driver: "pc-dimm", node: target?.node, ...slotProps(memory) };
    case "nvdimm":
      return {
        driver: "nvdimm",
        node: target?.node,
        "label-size": bytes(target?.label?.sizeKiB),
        uuid: memory.uuid,
        unarmed: target?.readonly === true ? true : undefined,
        ...slotProps(memory),
      };
    case "virtio-pmem":
      return { driver: "virtio-pmem-pci", ...busProps(memory, scope) };
    case "virtio-mem":
      return {
        driver: "virtio-mem-pci",
        node: target?.node,
        "block-size": bytes(target?.blockKiB),
        "requested-size": bytes(target?.requestedKiB),
        prealloc: virtioMemPrealloc(scope),
        ...busProps(memory, scope),
      };
    case "sgx-epc":
      throw virError("configUnsupported", "memory model 'sgx-epc' is part of the machine");
  }
}

const virtioMemPrealloc = ({ domain, caps }: DeviceScope): boolean | undefined =>
  domain.memoryBacking?.allocation?.mode === "immediate" &&
  caps.flags.has("virtio-mem-pci.prealloc")
    ? true
    : undefined;

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
