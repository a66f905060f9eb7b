/** Reads libvirt's CPU map, a directory of XML files of which the index names the others. */
import { parseXml } from "../xml/parse-xml.ts";
import type { XmlElement } from "../xml/tree.ts";
import {
  cpuMap,
  type CpuFeatureFact,
  type CpuMap,
  type CpuModelFact,
  type CpuRegister,
  type FeatureBits,
  type SignaturePattern,
} from "./cpu-map.ts";

const REGISTERS: readonly CpuRegister[] = ["eax", "ebx", "ecx", "edx"];

const elements = ({ children }: XmlElement, ...names: readonly string[]): readonly XmlElement[] =>
  children.filter(({ name }) => names.includes(name));
const nameOf = ({ attributes }: XmlElement): string => attributes.get("name") ?? "";
const number = ({ attributes }: XmlElement, name: string): number =>
  Number(attributes.get(name) ?? 0);

/** Files that make up the map of one architecture, in order. */
export function cpuMapFiles(index: string, arch: "x86"): readonly string[] {
  const found = elements(parseXml(index), "arch").find((one) => nameOf(one) === arch);
  return found === undefined
    ? []
    : elements(found, "include").flatMap(({ attributes }) => attributes.get("filename") ?? []);
}

function bitsOf(xml: XmlElement): FeatureBits | undefined {
  const [at] = elements(xml, "cpuid", "msr");
  const register = REGISTERS.find((one) => at !== undefined && number(at, one) !== 0);
  if (at === undefined || register === undefined) return undefined;
  const mask = number(at, register);
  return at.name === "msr"
    ? { source: "msr", index: number(at, "index"), subIndex: 0, register, mask }
    : {
        source: "cpuid",
        index: number(at, "eax_in"),
        subIndex: number(at, "ecx_in"),
        register,
        mask,
      };
}

function featureOf(xml: XmlElement): CpuFeatureFact {
  const bits = bitsOf(xml);
  return {
    name: nameOf(xml),
    aliases: elements(xml, "alias").map(nameOf),
    migratable: xml.attributes.get("migratable") !== "no",
    ...(bits === undefined ? {} : { bits }),
  };
}

/** `5-7,9` */
const steppingsOf = (text: string): readonly number[] =>
  text.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });

function signatureOf(xml: XmlElement): SignaturePattern {
  const steppings = xml.attributes.get("stepping");
  return {
    family: number(xml, "family"),
    model: number(xml, "model"),
    ...(steppings === undefined ? {} : { steppings: steppingsOf(steppings) }),
  };
}

/** `earlier` are the models that this one may build upon. */
function modelOf(xml: XmlElement, earlier: ReadonlyMap<string, CpuModelFact>): CpuModelFact {
  const [decode] = elements(xml, "decode");
  const [ancestor] = elements(xml, "model").map((one) => earlier.get(nameOf(one)));
  const signatures = elements(xml, "signature").map(signatureOf);
  const vendor = elements(xml, "vendor").map(nameOf)[0] ?? ancestor?.vendor;
  const own = elements(xml, "feature");
  const removed = own.filter(({ attributes }) => attributes.get("removed") === "yes").map(nameOf);
  const kept = own.map(nameOf).filter((name) => !removed.includes(name));
  return {
    name: nameOf(xml),
    ...(vendor === undefined ? {} : { vendor }),
    signatures: signatures.length > 0 ? signatures : (ancestor?.signatures ?? []),
    decode: {
      host: decode?.attributes.get("host") !== "off",
      guest: decode?.attributes.get("guest") !== "off",
    },
    features: new Set([...(ancestor?.features ?? []), ...kept]),
    removed,
  };
}

/**
 * `files` are the contents of those that the index names, in its order.
 * @throws XmlError when one of them is no XML
 */
export function parseCpuMap(files: readonly string[]): CpuMap {
  const parts = files.flatMap((text) => parseXml(text).children);
  const models = new Map<string, CpuModelFact>();
  for (const xml of parts.filter(({ name }) => name === "model"))
    models.set(nameOf(xml), modelOf(xml, models));
  return cpuMap({
    vendors: parts
      .filter(({ name }) => name === "vendor")
      .map((xml) => ({ name: nameOf(xml), cpuid: xml.attributes.get("string") ?? "" })),
    features: parts.filter(({ name }) => name === "feature").map(featureOf),
    models: [...models.values()],
  });
}
