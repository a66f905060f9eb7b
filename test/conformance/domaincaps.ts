/** libvirt's domain capabilities: from a recorded QEMU dialogue to the XML. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatDomainCapabilities } from "@vireo/model/node/domain-capabilities";
import { qemuCapabilities } from "@vireo/qemu/capability/capabilities";
import { domainCapabilities } from "@vireo/qemu/capability/domain-capabilities";
import { capabilitiesFromAnswers } from "@vireo/qemu/capability/from-answers";
import { recordedAnswers } from "@vireo/qemu/capability/recorded";
import { firmwareOffers } from "@vireo/qemu/firmware/select-firmware";
import { firstDifference } from "./canonical-xml.ts";
import { corpusFirmwares } from "./firmware.ts";
import { readManifest, type CorpusCase } from "./manifest.ts";
import { messageOf, type ConformanceResult } from "./result.ts";

type CapsCase = CorpusCase & {
  readonly emulator: string;
  readonly machine: string | null;
  readonly virtType: string;
  readonly replies?: string;
};

/** What the manifest's notes fix for all cases. */
const HOST = {
  loaders: [
    "/usr/share/AAVMF/AAVMF_CODE.fd",
    "/usr/share/AAVMF/AAVMF32_CODE.fd",
    "/usr/share/OVMF/OVMF_CODE.fd",
  ],
  tpmVersions: ["2.0"],
  vfio: true,
};

export function convertCapabilities(corpus: string, one: CapsCase): string {
  if (one.replies === undefined) throw new Error("Vireo has no driver for this hypervisor");
  const recording: unknown = JSON.parse(readFileSync(join(corpus, one.replies), "utf8"));
  const [kvm, tcg] = recordedAnswers(Array.isArray(recording) ? recording : []);
  if (kvm === undefined) throw new Error("the recording is empty");
  const caps = qemuCapabilities(capabilitiesFromAnswers(one.emulator, kvm, tcg));
  const machine = caps.machine(one.machine ?? "pc");
  if (machine === undefined) throw new Error(`no machine ${String(one.machine)}`);
  const { kinds, secureBoot } = firmwareOffers(corpusFirmwares(corpus), {
    arch: caps.arch,
    machine: machine.name,
  });
  const virtType = one.virtType === "kvm" ? "kvm" : "qemu";
  return formatDomainCapabilities(
    domainCapabilities(caps, { virtType, machine }, { ...HOST, firmwares: kinds, secureBoot }),
  );
}

function run(corpus: string, one: CapsCase): ConformanceResult {
  const about = { corpus: "domaincaps", tier: one.kind, id: one.id };
  try {
    const expected = readFileSync(join(corpus, "domaincaps", one.expected ?? ""), "utf8");
    const difference = firstDifference(convertCapabilities(corpus, one), expected);
    return { ...about, passed: difference === undefined, detail: difference ?? "" };
  } catch (error) {
    return { ...about, passed: false, detail: messageOf(error) };
  }
}

export const runDomainCaps = (corpus: string): readonly ConformanceResult[] =>
  existsSync(join(corpus, "domaincaps"))
    ? (readManifest(corpus, "domaincaps") as readonly CapsCase[])
        .filter(({ kind }) => kind === "domaincaps")
        .map((one) => run(corpus, one))
    : [];
