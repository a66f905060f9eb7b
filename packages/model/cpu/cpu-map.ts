/**
 * What is known of a family of processors: features, named models, makers. Plain data, whoever
 * tells it: libvirt's CPU map where it is installed, QEMU's own definitions otherwise.
 */

export type CpuRegister = "eax" | "ebx" | "ecx" | "edx";

/** The bits that show a feature: of a register after CPUID, or of a model-specific register. */
export interface FeatureBits {
  readonly source: "cpuid" | "msr";
  /** CPUID leaf, or number of the register. */
  readonly index: number;
  /** CPUID sub-leaf. */
  readonly subIndex: number;
  readonly register: CpuRegister;
  readonly mask: number;
}

export interface CpuFeatureFact {
  readonly name: string;
  /** Other names of it, by QEMU or by Linux. */
  readonly aliases: readonly string[];
  readonly migratable: boolean;
  /** Absent when the source of the facts does not know. */
  readonly bits?: FeatureBits;
}

/** Family, model and stepping of a processor, as CPUID tells them. */
export interface CpuSignature {
  readonly family: number;
  readonly model: number;
  readonly stepping: number;
}

/** Processors that a model stands for. */
export interface SignaturePattern {
  readonly family: number;
  readonly model: number;
  /** Any when absent. */
  readonly steppings?: readonly number[];
}

export interface CpuModelFact {
  readonly name: string;
  /** Any maker when absent. */
  readonly vendor?: string;
  readonly signatures: readonly SignaturePattern[];
  /** Whether a host, or a guest's CPU, may be called by this name. */
  readonly decode: { readonly host: boolean; readonly guest: boolean };
  readonly features: ReadonlySet<string>;
  /** Features that the model once had and the hypervisor may still give. */
  readonly removed: readonly string[];
}

export interface CpuMapData {
  /** libvirt's name of a maker and CPUID's. */
  readonly vendors: readonly { readonly name: string; readonly cpuid: string }[];
  /** In the order in which they are printed. */
  readonly features: readonly CpuFeatureFact[];
  /** From old to new. */
  readonly models: readonly CpuModelFact[];
  /** A feature may also be asked for by a name that somebody else uses. */
  readonly anySpelling?: boolean;
}

export interface CpuMap extends CpuMapData {
  readonly model: (name: string) => CpuModelFact | undefined;
  /** By its name; by another one only when the map takes any spelling. */
  readonly feature: (name: string) => CpuFeatureFact | undefined;
  /** Our name of a feature that QEMU or Linux calls so, also when it separates words its own way. */
  readonly featureCalled: (name: string) => string | undefined;
}

/** QEMU, Linux and libvirt part the words of a name each in their own way. */
const unparted = (name: string): string => name.replaceAll(/[-_.]/g, "");

export function cpuMap(data: CpuMapData): CpuMap {
  const models = new Map(data.models.map((one) => [one.name, one]));
  const features = new Map(data.features.map((one) => [one.name, one]));
  const called = new Map(
    data.features.flatMap(({ name, aliases }) =>
      [...aliases, name].map((one) => [unparted(one), name] as const),
    ),
  );
  const featureCalled = (name: string): string | undefined =>
    features.has(name) ? name : called.get(unparted(name));
  return {
    ...data,
    model: (name) => models.get(name),
    feature: (name) =>
      features.get(data.anySpelling === true ? (featureCalled(name) ?? name) : name),
    featureCalled,
  };
}
