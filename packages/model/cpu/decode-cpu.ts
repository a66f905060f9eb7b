/** Which named model comes nearest to a processor. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError } from "../error.ts";
import { fits, type CpuFacts } from "./cpu-facts.ts";
import type { CpuMap, CpuModelFact } from "./cpu-map.ts";

export interface CpuFeaturePolicy {
  readonly name: string;
  readonly policy: "force" | "require" | "optional" | "disable" | "forbid";
}

/** A processor as a model and what differs from it. */
export interface NamedCpu {
  readonly model: string;
  readonly vendor?: string;
  readonly features: readonly CpuFeaturePolicy[];
}

/** A model that a hypervisor offers. */
export interface OfferedModel {
  readonly name: string;
  /** What the hypervisor's model has and its host cannot give. */
  readonly blockers?: readonly string[];
}

export interface DecodeOptions {
  /** A host has at least what its model has; a guest's CPU may lack some of it. */
  readonly kind: "host" | "guest";
  /** Only these; all of the map when absent. */
  readonly offered?: readonly OfferedModel[] | undefined;
  /** Taken when it is possible at all. */
  readonly preferred?: string | undefined;
}

interface Candidate {
  readonly model: CpuModelFact;
  readonly extra: number;
  readonly missing: number;
  readonly signed: boolean;
  /** Made by nobody. */
  readonly generic: boolean;
  readonly cpu: NamedCpu;
}

function candidateOf(model: CpuModelFact, facts: CpuFacts, { map, offer }: Scope): Candidate {
  const blocked = new Set((offer?.blockers ?? []).flatMap((name) => map.featureCalled(name) ?? []));
  const lacks = (name: string): boolean => blocked.has(name) || !facts.features.has(name);
  const whole = new Set([...model.features, ...blocked]);
  const extra = map.features.filter(({ name }) => !whole.has(name) && !lacks(name));
  const missing = map.features.filter(({ name }) => whole.has(name) && lacks(name));
  const gone = model.removed.filter((name) => !whole.has(name) && lacks(name));
  const off = [...missing.map(({ name }) => name), ...gone];
  return {
    model,
    extra: extra.length,
    missing: missing.length,
    generic: model.vendor === undefined,
    signed: facts.signature !== undefined && fits(facts.signature, model.signatures),
    cpu: {
      model: model.name,
      ...(facts.vendor === undefined ? {} : { vendor: facts.vendor }),
      features: [
        ...extra.map(({ name }) => ({ name, policy: "require" }) as const),
        ...off.map((name) => ({ name, policy: "disable" }) as const),
      ],
    },
  };
}
interface Scope {
  readonly map: CpuMap;
  readonly offer: OfferedModel | undefined;
}

/**
 * What it costs to describe a CPU by a model: each feature to add, twice as much for each to take
 * away, and something for taking away at all, since guests that know the model may rely on it.
 * The figures are those with which libvirt's choices come out.
 */
const COST = { extra: 1, missing: 2, anyMissing: 3 };
const weight = ({ extra, missing }: Candidate): number =>
  COST.extra * extra + COST.missing * missing + (missing > 0 ? COST.anyMissing : 0);

/** A model made for this very processor comes first, then the one that is least off. */
function better(one: Candidate, than: Candidate): boolean {
  if (one.signed !== than.signed) return one.signed;
  if (weight(one) !== weight(than)) return weight(one) < weight(than);
  // a generic model only when it is really nearer
  if (one.generic !== than.generic) return than.generic;
  return one.missing < than.missing;
}

/**
 * Newer models are looked at first, and an older one must be better to be taken.
 * @throws VireoError `operationFailed` when no model fits
 */
export function decodeCpu(facts: CpuFacts, map: CpuMap, options: DecodeOptions): NamedCpu {
  const { kind, offered, preferred } = options;
  const offers = offered && new Map(offered.map((one) => [one.name, one]));
  const possible = map.models
    .filter(({ name, decode, vendor }) => {
      if (offers !== undefined && !offers.has(name)) return false;
      return decode[kind] && (vendor === undefined || vendor === facts.vendor);
    })
    .map((model) => candidateOf(model, facts, { map, offer: offers?.get(model.name) }))
    .filter(({ missing }) => kind === "guest" || missing === 0)
    .toReversed();
  const wanted = possible.find(({ model }) => model.name === preferred);
  const best =
    wanted ??
    possible.reduce<Candidate | undefined>(
      (held, one) => (held === undefined || better(one, held) ? one : held),
      undefined,
    );
  if (best === undefined)
    throw virError("operationFailed", "Cannot find suitable CPU model for given data", {
      from: ErrorDomain.cpu,
    });
  return best.cpu;
}
