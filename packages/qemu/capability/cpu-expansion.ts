/** QEMU's own words on CPUs, and what they mean by the names of a CPU map. */
import { type CpuFacts, knownFeatures } from "@vireo/model/cpu/cpu-facts";
import {
  cpuMap,
  type CpuFeatureFact,
  type CpuMap,
  type CpuModelFact,
} from "@vireo/model/cpu/cpu-map";
import type { OfferedModel } from "@vireo/model/cpu/decode-cpu";
import { isMessage, type Message } from "../qmp/parse-message.ts";
import type { AcceleratorCapability, CpuModelCapability, ExpandedCpu } from "./capabilities.ts";
import { cpuVendor } from "./cpu-vendor.ts";

const count = (value: unknown): number => (typeof value === "number" ? value : 0);

function propertiesOf(answer: unknown): Message | undefined {
  const model = isMessage(answer) ? answer["model"] : undefined;
  const props = isMessage(model) ? model["props"] : undefined;
  return isMessage(props) ? props : undefined;
}

/** Names of the switches in an answer to `query-cpu-model-expansion`, on or off. */
export const switchesOf = (answer: unknown): readonly string[] =>
  Object.entries(propertiesOf(answer) ?? {})
    .flatMap(([name, value]) => (typeof value === "boolean" ? [name] : []))
    .toSorted();

/** The answer to `query-cpu-model-expansion`; `undefined` when QEMU refused. */
export function expandedCpu(answer: unknown): ExpandedCpu | undefined {
  const props = propertiesOf(answer);
  if (props === undefined) return undefined;
  return {
    vendor: String(props["vendor"] ?? ""),
    family: count(props["family"]),
    model: count(props["model"]),
    stepping: count(props["stepping"]),
    features: Object.keys(props)
      .filter((name) => props[name] === true)
      .toSorted(),
  };
}

export function factsOfExpansion(
  { vendor, features, ...signature }: ExpandedCpu,
  map: CpuMap,
): CpuFacts {
  const maker = map.vendors.find(({ cpuid }) => cpuid === vendor)?.name;
  const { family, model, stepping } = signature;
  return {
    ...(maker === undefined ? {} : { vendor: maker }),
    signature: { family, model, stepping },
    features: knownFeatures(features, map),
  };
}

export const offeredModels = (models: readonly CpuModelCapability[]): readonly OfferedModel[] =>
  models.map(({ name, blockers }) => ({ name, ...(blockers === undefined ? {} : { blockers }) }));

/** Makers whose processors QEMU has models of. */
const VENDORS = [
  { name: "Intel", cpuid: "GenuineIntel" },
  { name: "AMD", cpuid: "AuthenticAMD" },
  { name: "Hygon", cpuid: "HygonGenuine" },
];
/** Linux's names, and libvirt's, that are quite different words. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  "tsc-deadline": ["tsc_deadline_timer"],
  pclmulqdq: ["pclmuldq"],
};
/** What ties a guest to one host, after QEMU's documentation. */
const NOT_MIGRATABLE: ReadonlySet<string> = new Set(["invtsc", "xsaves"]);
/** Properties of QEMU's CPUs that are switches but no features of processors. */
const SWITCH = /^(kvm|hv-|hyperv-|xen|legacy|x-|vmx-|full-|l3-|host-|enforce|check|migratable$)/;

const isFeature = (name: string): boolean => !SWITCH.test(name) && !name.includes("_");

/** Not models of processors but of what the host or the emulator can do. */
const NO_MODEL: ReadonlySet<string> = new Set(["host", "max", "base"]);

function modelOf({ name, definition }: CpuModelCapability): readonly CpuModelFact[] {
  if (definition === undefined || NO_MODEL.has(name)) return [];
  const { features, family, model } = definition;
  const vendor = cpuVendor(name);
  return [
    {
      name,
      ...(vendor === "unknown" ? {} : { vendor }),
      // the generic models look like an old processor, but stand for none
      signatures: vendor === "unknown" ? [] : [{ family, model }],
      decode: { host: true, guest: true },
      features: new Set(features.filter(isFeature)),
      removed: [],
    },
  ];
}

/** A CPU map from QEMU's own definitions, for hosts without libvirt's; QEMU lists new models first. */
export function cpuMapFromQemu({ cpuModels, bestCpu }: AcceleratorCapability): CpuMap | undefined {
  const models = cpuModels.flatMap(modelOf).toReversed();
  if (models.length === 0) return undefined;
  const names = new Set([
    ...(bestCpu?.switches ?? []),
    ...models.flatMap((one) => [...one.features]),
  ]);
  const features = [...names]
    .filter(isFeature)
    .toSorted()
    .map(
      (name): CpuFeatureFact => ({
        name,
        aliases: ALIASES[name] ?? [],
        migratable: !NOT_MIGRATABLE.has(name),
      }),
    );
  return cpuMap({ vendors: VENDORS, features, models, anySpelling: true });
}
