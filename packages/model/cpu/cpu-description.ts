/** A CPU as clients describe it: a host's (with its architecture) or a guest's. */
import { checkCpuModel } from "../domain/check/check-cpu.ts";
import { ARCHITECTURES } from "../domain/arch.ts";
import { Cpu } from "../domain/cpu.ts";
import { ErrorDomain } from "../error-catalogue.ts";
import { type ErrorOptions, virError } from "../error.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import { parse } from "../schema/parse.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { readDocument } from "../xml/read-document.ts";
import type { XmlElement } from "../xml/tree.ts";
import type { CpuFacts } from "./cpu-facts.ts";
import type { CpuMap, CpuModelFact } from "./cpu-map.ts";
import type { CpuFeaturePolicy } from "./decode-cpu.ts";

export interface CpuDescription extends Cpu {
  /** Only a host's. */
  readonly arch?: string;
}

/** `auto`: what names an architecture is a host. */
export type CpuKind = "host" | "auto";

const FROM_CPU: ErrorOptions = { from: ErrorDomain.cpu };

function archOf(xml: XmlElement): string {
  if (xml.attributes.has("mode"))
    throw virError("configUnsupported", "Attribute mode is only allowed for guest CPU", FROM_CPU);
  const name = xml.children.find((one) => one.name === "arch")?.text.trim();
  if (name === undefined) throw virError("xmlError", "Missing CPU architecture", FROM_CPU);
  if (!KNOWN.has(name))
    throw virError("configUnsupported", `Unknown architecture ${name}`, FROM_CPU);
  return name;
}
/** What a host tells of itself and no guest asks for. */
const HOST_PARTS = /^\/cpu\/(arch|microcode|signature|counter|pages)\b/;
const KNOWN: ReadonlySet<string> = new Set(ARCHITECTURES);

/**
 * Reads a `<cpu>`; `strict` refuses what the schema does not know.
 * @throws VireoError in libvirt's words when it is none
 */
export function parseCpu(
  text: string,
  kind: CpuKind,
  { strict = false }: { strict?: boolean } = {},
): CpuDescription {
  const xml = readDocument(text, { root: "cpu", label: "CPU_definition" });
  const isHost = kind === "host" || xml.children.some(({ name }) => name === "arch");
  const arch = isHost ? { arch: archOf(xml) } : {};
  const issues: Issue[] = [];
  const cpu = parse(Cpu, xml, issues);
  throwFirst(issues, ErrorDomain.cpu);
  if (strict) refuseUnknown(isHost ? issues.filter(({ path }) => !HOST_PARTS.test(path)) : issues);
  return isHost ? wholeHost({ ...cpu, ...arch }) : wholeGuest(cpu);
}

function refuseUnknown([first]: readonly Issue[]): void {
  if (first === undefined) return;
  throw virError("xmlInvalidSchema", `${first.path}: ${first.message}`, FROM_CPU);
}

function wholeHost(cpu: CpuDescription): CpuDescription {
  if (cpu.model?.name === undefined) throw virError("xmlError", "Missing CPU model name", FROM_CPU);
  checkCpuModel({ cpu });
  return cpu;
}

/** A guest's model is its own, and exactly this one, unless it says otherwise. */
function wholeGuest(cpu: CpuDescription): CpuDescription {
  checkCpuModel({ cpu });
  const { mode, model, match } = cpu;
  if (model?.name === undefined || (mode ?? "custom") !== "custom")
    return model === undefined ? cpu : { ...cpu, model: { fallback: "allow", ...model } };
  return {
    ...cpu,
    mode: "custom",
    match: match ?? "exact",
    model: { fallback: "allow", ...model },
  };
}

export const formatCpu = (cpu: Cpu): string => format(Cpu, cpu);

/** What it says of single features; a host's are simply there. */
export const policiesOf = ({ features = [] }: CpuDescription): readonly CpuFeaturePolicy[] =>
  features.map(({ name, policy = "require" }) => ({ name, policy }));

/** @throws VireoError `internalError` when the map does not know the model */
export function modelOf({ model }: CpuDescription, map: CpuMap): CpuModelFact | undefined {
  if (model?.name === undefined) return undefined;
  const found = map.model(model.name);
  if (found === undefined)
    throw virError("internalError", `Unknown CPU model ${model.name}`, FROM_CPU);
  return found;
}

/**
 * Names of the features with one of the policies.
 * @throws VireoError `internalError` when the map does not know one of them
 */
export function featuresWith(
  cpu: CpuDescription,
  map: CpuMap,
  ...policies: readonly CpuFeaturePolicy["policy"][]
): ReadonlySet<string> {
  const chosen = policiesOf(cpu).filter(({ policy }) => policies.includes(policy));
  return new Set(
    chosen.map(({ name }) => {
      const found = map.feature(name);
      if (found !== undefined) return found.name;
      throw virError("internalError", `Unknown CPU feature ${name}`, FROM_CPU);
    }),
  );
}

/**
 * What a CPU so described can do; its maker is the model's when it names none.
 * @throws VireoError `internalError` for a model or feature that the map does not know
 */
export function factsOf(cpu: CpuDescription, map: CpuMap): CpuFacts {
  const model = modelOf(cpu, map);
  const off = featuresWith(cpu, map, "disable", "forbid");
  const on = featuresWith(cpu, map, "force", "require");
  const vendor = cpu.vendor ?? model?.vendor;
  return {
    ...(vendor === undefined ? {} : { vendor }),
    features: new Set([...(model?.features ?? []), ...on].filter((name) => !off.has(name))),
  };
}
