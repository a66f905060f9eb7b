/** What the driver knows of CPUs: the names there are, and what the host's own can do. */
import { type CpuFacts, factsFromCpuid, knownFeatures } from "@vireo/model/cpu/cpu-facts";
import type { CpuMap } from "@vireo/model/cpu/cpu-map";
import { decodeCpu, type NamedCpu } from "@vireo/model/cpu/decode-cpu";
import { verifyCpu } from "@vireo/model/cpu/verify-cpu";
import type { Cpu } from "@vireo/model/domain/cpu";
import { isError, virError } from "@vireo/model/error";
import type { QemuCapabilities } from "@vireo/qemu/capability/capabilities";
import { cpuMapFromQemu } from "@vireo/qemu/capability/cpu-expansion";
import { leavesOfWords } from "@vireo/qemu/capability/feature-words";
import { settleGuestCpu } from "@vireo/qemu/capability/guest-cpu";
import { hypervisorCpu } from "@vireo/qemu/capability/hypervisor-cpu";
import { hostCpu, hostCpuFlags } from "../../host/cpu-facts.ts";
import { readCpuid } from "../../host/cpuid.ts";
import { libvirtCpuMap } from "../../host/libvirt-cpu-map.ts";
import { hostArch } from "../../host/node-info.ts";

export const isX86 = (arch: string): boolean =>
  arch === "x86_64" || arch === "i686" || arch === "i386";

/** What QEMU's CPU object tells of itself: its registers, and the bits it had to leave out. */
export interface CpuWords {
  readonly words: unknown;
  readonly filtered: unknown;
}

/** An emulator under one accelerator. */
export interface EmulatedCpu {
  readonly caps: QemuCapabilities;
  readonly virtType: "kvm" | "qemu";
}

export class CpuKnowledge {
  readonly #caps: () => Promise<QemuCapabilities>;
  #map: Promise<CpuMap | undefined> | undefined;

  /** `caps` are those of the host's own emulator, asked when nothing else tells about CPUs. */
  constructor(caps: () => Promise<QemuCapabilities>) {
    this.#caps = caps;
  }

  /** The x86 map: libvirt's where it is installed, else QEMU's definitions; found once. */
  map(): Promise<CpuMap | undefined> {
    this.#map ??= this.#findMap();
    return this.#map;
  }

  async #findMap(): Promise<CpuMap | undefined> {
    const installed = await libvirtCpuMap();
    return installed ?? cpuMapFromQemu((await this.#caps()).data.tcg);
  }

  /** @throws VireoError `noSupport` when nothing is known of the host's kind of CPU */
  async needMap(arch = hostArch()): Promise<CpuMap> {
    const map = isX86(arch) ? await this.map().catch(() => undefined) : undefined;
    if (map !== undefined) return map;
    throw virError("noSupport", `'${arch}' architecture is not supported by CPU driver`);
  }

  /** The host's own CPU, by the map's names. */
  async host(map: CpuMap): Promise<CpuFacts> {
    const leaves = readCpuid();
    // a map without bits has names only, and so has Linux
    if (leaves.length > 0 && map.features.some(({ bits }) => bits !== undefined))
      return factsFromCpuid(leaves, map);
    const { vendor, signature } = await hostCpu();
    return {
      ...(vendor === undefined ? {} : { vendor }),
      ...(signature === undefined ? {} : { signature }),
      features: knownFeatures(await hostCpuFlags(), map),
    };
  }

  /** The host's CPU by its nearest model; `undefined` when nothing is known of its kind. */
  async namedHost(): Promise<NamedCpu | undefined> {
    try {
      const map = await this.needMap();
      return decodeCpu(await this.host(map), map, { kind: "host" });
    } catch (error) {
      if (isError(error)) return undefined;
      throw error;
    }
  }

  /**
   * The CPU to start a domain with.
   * @throws VireoError `cpuIncompatible`, `configUnsupported`
   */
  async guestCpu(cpu: Cpu, { caps, virtType }: EmulatedCpu): Promise<Cpu> {
    const map = isX86(caps.arch) ? await this.map() : undefined;
    const hypervisor = map === undefined ? undefined : hypervisorCpu(caps, virtType, map);
    if (map === undefined || hypervisor === undefined) return cpu;
    return settleGuestCpu(cpu, { hypervisor, map, arch: caps.arch });
  }

  /**
   * A guest's CPU as QEMU made it; as it was asked for when that cannot be seen.
   * @throws VireoError `operationFailed` when all of it was to be checked and it differs
   */
  async madeCpu(
    cpu: Cpu,
    { caps, words, filtered }: { caps: QemuCapabilities } & CpuWords,
  ): Promise<Cpu> {
    const leaves = leavesOfWords(words);
    const map = isX86(caps.arch) && leaves.length > 0 ? await this.map() : undefined;
    // names without bits cannot be found in registers
    if (map === undefined || !map.features.some(({ bits }) => bits !== undefined)) return cpu;
    const refused = factsFromCpuid(leavesOfWords(filtered), map).features;
    const made = [...factsFromCpuid(leaves, map).features].filter((name) => !refused.has(name));
    return verifyCpu(cpu, new Set(made), map);
  }
}
