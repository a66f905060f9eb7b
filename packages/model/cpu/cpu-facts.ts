/** A processor, real or virtual, by what it can do. */
import type { CpuMap, CpuRegister, CpuSignature, SignaturePattern } from "./cpu-map.ts";

export interface CpuFacts {
  /** libvirt's name of the maker, when it is one of the map's. */
  readonly vendor?: string;
  readonly signature?: CpuSignature;
  /** By the map's names. */
  readonly features: ReadonlySet<string>;
}

/** One answer of CPUID, or the value of a model-specific register (its halves in eax and edx). */
export interface CpuLeaf extends Readonly<Record<CpuRegister, number>> {
  readonly source: "cpuid" | "msr";
  readonly index: number;
  readonly subIndex: number;
}

const keyOf = ({ source, index, subIndex }: Omit<CpuLeaf, CpuRegister>): string =>
  `${source} ${index} ${subIndex}`;

const fourLetters = (word: number): string =>
  String.fromCharCode(...[0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff));

/** The version word of CPUID leaf 1; the extended parts count only for the families that have them. */
export function signatureFromWord(word: number): CpuSignature {
  const [family, model] = [(word >>> 8) & 0xf, (word >>> 4) & 0xf];
  const extended = family === 0xf ? (word >>> 20) & 0xff : 0;
  const upper = family === 6 || family === 0xf ? (word >>> 16) & 0xf : 0;
  return { family: family + extended, model: model + (upper << 4), stepping: word & 0xf };
}

export function factsFromCpuid(leaves: readonly CpuLeaf[], map: CpuMap): CpuFacts {
  const byKey = new Map(leaves.map((leaf) => [keyOf(leaf), leaf]));
  const at = (index: number): CpuLeaf | undefined =>
    byKey.get(keyOf({ source: "cpuid", index, subIndex: 0 }));
  const [zero, one] = [at(0), at(1)];
  const maker = zero === undefined ? "" : [zero.ebx, zero.edx, zero.ecx].map(fourLetters).join("");
  const vendor = map.vendors.find(({ cpuid }) => cpuid === maker)?.name;
  const features = map.features.flatMap(({ name, bits }) => {
    const leaf = bits === undefined ? undefined : byKey.get(keyOf(bits));
    return bits !== undefined && leaf !== undefined && (leaf[bits.register] & bits.mask) >>> 0 > 0
      ? [name]
      : [];
  });
  return {
    ...(vendor === undefined ? {} : { vendor }),
    ...(one === undefined ? {} : { signature: signatureFromWord(one.eax) }),
    features: new Set(features),
  };
}

/** Those of `names` that the map knows, under its names. */
export const knownFeatures = (names: Iterable<string>, map: CpuMap): ReadonlySet<string> =>
  new Set([...names].flatMap((name) => map.featureCalled(name) ?? []));

export const fits = (
  { family, model, stepping }: CpuSignature,
  patterns: readonly SignaturePattern[],
): boolean =>
  patterns.some(
    (one) =>
      one.family === family &&
      one.model === model &&
      (one.steppings === undefined || one.steppings.includes(stepping)),
  );

/** Without features that would tie a guest to this host. */
export const migratableFacts = (facts: CpuFacts, map: CpuMap): CpuFacts => ({
  ...facts,
  features: new Set([...facts.features].filter((name) => map.feature(name)?.migratable !== false)),
});
