/** What one QEMU binary can do: plain data, asked of the binary itself and kept. */

/** A machine type (QAPI `MachineInfo`). */
export interface MachineCapability {
  /** `pc-i440fx-7.2` */
  readonly name: string;
  /** `pc`, when there is one. */
  readonly alias?: string;
  readonly isDefault?: boolean;
  readonly deprecated?: boolean;
  readonly maxCpus?: number;
  readonly hotplugCpus?: boolean;
  /** CPU type taken when none is named, `qemu64-x86_64-cpu`. */
  readonly defaultCpu?: string;
  /** Id of the main memory object, `pc.ram`. */
  readonly defaultRamId?: string;
  /** `-numa node,mem=` still works. */
  readonly numaMemSupported?: boolean;
}

/** A CPU that QEMU spelled out (QAPI `CpuModelExpansionInfo`). */
export interface ExpandedCpu {
  /** CPUID's name of the maker, `GenuineIntel`. */
  readonly vendor: string;
  readonly family: number;
  readonly model: number;
  readonly stepping: number;
  /** Switches that are on, by QEMU's names. */
  readonly features: readonly string[];
}

/** The best CPU that an accelerator gives on this host. */
export interface BestCpu {
  readonly full: ExpandedCpu;
  /** Without what would keep a guest from migrating; absent when QEMU cannot tell them apart. */
  readonly migratable?: ExpandedCpu;
  /** Every switch that QEMU knows for it, on or off. */
  readonly switches: readonly string[];
}

/** A CPU model (QAPI `CpuDefinitionInfo`). */
export interface CpuModelCapability {
  readonly name: string;
  readonly typeName: string;
  /** Features of the model that this host cannot give; empty means usable, absent means unknown. */
  readonly blockers?: readonly string[];
  readonly deprecated?: boolean;
  /** What QEMU means by the name; x86 only. */
  readonly definition?: ExpandedCpu;
}

/** The emulator under one accelerator. */
export interface AcceleratorCapability {
  readonly machines: readonly MachineCapability[];
  readonly cpuModels: readonly CpuModelCapability[];
  /** Absent when the emulator cannot spell out its CPUs. */
  readonly bestCpu?: BestCpu;
}

export interface CapabilityData {
  readonly binary: string;
  /** libvirt's and QEMU's name of the guest architecture, `x86_64`. */
  readonly arch: string;
  /** major x 1000000 + minor x 1000 + micro. */
  readonly version: number;
  readonly package: string;
  /** libvirt's names of capabilities, the vocabulary of its `caps_*.xml`. */
  readonly flags: readonly string[];
  readonly tcg: AcceleratorCapability;
  /** Absent when the binary or the host has no KVM. */
  readonly kvm?: AcceleratorCapability;
  readonly tpmModels: readonly string[];
  readonly tpmTypes: readonly string[];
  /** Hyper-V enlightenments that guests can have, in libvirt's words; absent when QEMU cannot tell. */
  readonly hyperv?: readonly string[];
  /** Absent when this host cannot encrypt guests' memory. */
  readonly sev?: SevCapability;
  readonly sgx?: SgxCapability;
}

/** AMD SEV (QAPI `SevCapability`). */
export interface SevCapability {
  /** Bit of a page table entry that says "encrypted". */
  readonly cBitPosition: number;
  /** Physical address bits that encryption takes. */
  readonly reducedPhysBits: number;
}

/** Intel SGX (QAPI `SGXInfo`). */
export interface SgxCapability {
  readonly flexibleLaunchControl: boolean;
  readonly sgx1: boolean;
  readonly sgx2: boolean;
  /** Bytes of each section of the enclave page cache, with its NUMA node. */
  readonly sections: readonly { readonly node: number; readonly size: number }[];
}

/** The same, ready for questions. */
export interface QemuCapabilities {
  readonly binary: string;
  readonly arch: string;
  readonly version: number;
  readonly package: string;
  readonly flags: ReadonlySet<string>;
  readonly data: CapabilityData;
  /** By name or alias, under any accelerator. */
  readonly machine: (name: string | undefined) => MachineCapability | undefined;
}

const bothMachines = ({ kvm, tcg }: CapabilityData): readonly MachineCapability[] => [
  ...(kvm?.machines ?? []),
  ...tcg.machines,
];

export function qemuCapabilities(data: CapabilityData): QemuCapabilities {
  const byName = new Map<string, MachineCapability>();
  for (const machine of bothMachines(data)) {
    byName.set(machine.name, machine);
    if (machine.alias !== undefined) byName.set(machine.alias, machine);
  }
  return {
    binary: data.binary,
    arch: data.arch,
    version: data.version,
    package: data.package,
    flags: new Set(data.flags),
    data,
    machine: (name) => (name === undefined ? undefined : byName.get(name)),
  };
}
