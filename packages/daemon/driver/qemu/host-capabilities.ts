/** Puts the host's `<capabilities>` together from what host and emulators tell. */
import type { NamedCpu } from "@vireo/model/cpu/decode-cpu";
import {
  formatCapabilities,
  type CapabilitiesGuest,
  type CapabilitiesHost,
} from "@vireo/model/node/capabilities";
import type { MachineCapability, QemuCapabilities } from "@vireo/qemu/capability/capabilities";
import type { CacheBank, HostCpu } from "../../host/cpu-facts.ts";
import type { HostPages } from "../../host/huge-pages.ts";
import type { CpuPlace, NodeInfo, NumaCell } from "../../host/node-info.ts";

export interface HostView {
  readonly uuid: string | undefined;
  readonly arch: string;
  readonly cpu: HostCpu;
  /** Absent when nothing is known of such CPUs. */
  readonly named: NamedCpu | undefined;
  readonly caches: readonly CacheBank[];
  readonly node: NodeInfo;
  readonly cells: readonly NumaCell[];
  readonly pages: HostPages;
  readonly iommu: boolean;
  /** Whether guests really run under KVM. */
  readonly kvm: boolean;
}

/** CPUs as the kernel lists them: `0-1`. */
const cpuText = ({ siblings }: CpuPlace): string => siblings.join(",");

const cellOf = ({ id, memoryKiB, distances, cpus }: NumaCell, { base, huge }: HostPages) => ({
  id,
  memory: { kib: memoryKiB },
  pages: [
    { unit: "KiB", size: base, count: Math.floor(memoryKiB / base) },
    ...huge.map(({ sizeKiB, count }) => ({ unit: "KiB", size: sizeKiB, count })),
  ],
  distances: { siblings: distances.map((value, cell) => ({ id: cell, value })) },
  cpus: {
    num: cpus.length,
    cpus: cpus.map((cpu) => ({ ...cpu, siblings: cpuText(cpu) })),
  },
});

const cpuOf = ({
  arch,
  cpu,
  named,
  node,
  pages,
}: HostView): NonNullable<CapabilitiesHost["cpu"]> => {
  const { vendor, microcode, signature, physicalBits } = cpu;
  return {
    arch,
    ...(named === undefined
      ? {}
      : { model: named.model, features: named.features.map(({ name }) => ({ name })) }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(microcode === undefined ? {} : { microcode: { version: microcode } }),
    ...(signature === undefined ? {} : { signature }),
    topology: { sockets: node.sockets, dies: 1, cores: node.cores, threads: node.threads },
    ...(physicalBits === undefined ? {} : { maxPhysAddr: { mode: "emulate", bits: physicalBits } }),
    pages: [pages.base, ...pages.huge.map(({ sizeKiB }) => sizeKiB)].map((size) => ({
      unit: "KiB",
      size,
    })),
  };
};

const hostOf = (view: HostView): CapabilitiesHost => ({
  ...(view.uuid === undefined ? {} : { uuid: view.uuid }),
  cpu: cpuOf(view),
  powerManagement: {},
  iommu: { support: view.iommu },
  topology: {
    cells: { num: view.cells.length, cells: view.cells.map((cell) => cellOf(cell, view.pages)) },
  },
  ...(view.caches.length === 0 ? {} : { cache: { banks: view.caches } }),
  securityModels: [{ model: "none", doi: "0" }],
});

const machinesOf = ({ name, alias, maxCpus, deprecated }: MachineCapability) => {
  const about = {
    ...(maxCpus === undefined ? {} : { maxCpus }),
    ...(deprecated === true ? { deprecated } : {}),
  };
  const named = { name, ...about };
  return alias === undefined ? [named] : [named, { name: alias, canonical: name, ...about }];
};

/** Of QEMU's architectures; the others have 64. */
const WORD_SIZE: Readonly<Record<string, number>> = { i386: 32, arm: 32, riscv32: 32 };

/** The default comes first: clients take the first for it. */
const defaultFirst = (machines: readonly MachineCapability[]): readonly MachineCapability[] =>
  machines.toSorted((a, b) => Number(b.isDefault ?? false) - Number(a.isDefault ?? false));

const optional = { default: true, toggle: true };
const fixed = { default: true, toggle: false };

const guestOf = ({ arch, binary, data }: QemuCapabilities, kvm: boolean): CapabilitiesGuest => ({
  osType: "hvm",
  arch: {
    name: arch === "i386" ? "i686" : arch,
    wordsize: WORD_SIZE[arch] ?? 64,
    emulator: binary,
    // the `none` machine is for asking questions only
    machines: defaultFirst(data.tcg.machines)
      .filter(({ name }) => name !== "none")
      .flatMap(machinesOf),
    domains: kvm ? [{ type: "qemu" }, { type: "kvm" }] : [{ type: "qemu" }],
  },
  features: {
    ...(arch === "i386" ? { pae: true, nonPae: true } : {}),
    acpi: optional,
    apic: fixed,
    cpuSelection: true,
    deviceBoot: true,
    diskSnapshot: fixed,
  },
});

export const hostCapabilities = (host: HostView, emulators: readonly QemuCapabilities[]): string =>
  formatCapabilities(
    hostOf(host),
    emulators.map((emulator) => guestOf(emulator, host.kvm && emulator.data.kvm !== undefined)),
  );
