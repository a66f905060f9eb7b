/** Where QEMU put memory modules, and how much of them the guest has. Pure. */
import type { MemoryDevice } from "@vireo/model/domain/device/memory-device";
import { withBalloon } from "./live-config.ts";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";

interface Module {
  readonly id: string;
  readonly slot?: number;
  readonly addr?: number;
  /** Bytes that are plugged into a virtio-mem device. */
  readonly size?: number;
}

const isModule = (value: unknown): value is Module =>
  typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";

function modulesIn(answer: unknown): ReadonlyMap<string, Module> {
  const infos: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const modules = infos.flatMap((info) =>
    typeof info === "object" && info !== null && "data" in info && isModule(info.data)
      ? [[info.data.id, info.data] as const]
      : [],
  );
  return new Map(modules);
}

function placed(memory: MemoryDevice, { slot = 0, addr, size }: Module): MemoryDevice {
  if (memory.model === "virtio-mem" && size !== undefined)
    return { ...memory, target: { ...memory.target, currentKiB: size / 1024 } };
  if (addr === undefined || (memory.model !== "dimm" && memory.model !== "nvdimm")) return memory;
  return { ...memory, address: { type: "dimm", slot, base: `0x${addr.toString(16)}` } };
}

/** The modules as the answer to `query-memory-devices` tells of them. */
export function withModules(config: ResolvedDomain, answer: unknown): ResolvedDomain {
  const { memories } = config.devices;
  const modules = modulesIn(answer);
  if (memories === undefined || modules.size === 0) return config;
  const changed = memories.map((memory) => {
    const module = modules.get(memory.alias?.name ?? "");
    return module === undefined ? memory : placed(memory, module);
  });
  return { ...config, devices: { ...config.devices, memories: changed } };
}

/** After the guest has taken or given back some of a virtio-mem device. */
export const withModuleSize = (
  config: ResolvedDomain,
  alias: string,
  bytes: number,
): ResolvedDomain => withModules(config, [{ data: { id: alias, size: bytes } }]);

/** What the guest has by the answer to `query-balloon`: not yet what virtio-mem devices may bring. */
export const withActual = (config: ResolvedDomain, answer: unknown): ResolvedDomain =>
  typeof answer === "object" &&
  answer !== null &&
  "actual" in answer &&
  typeof answer.actual === "number"
    ? withBalloon(config, Math.round(answer.actual / 1024))
    : config;
