/** libvirt's domain capabilities: from a recorded QEMU dialogue to the XML. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CpuMap } from "@vireo/model/cpu/cpu-map";
import {
  DomainCapabilities,
  formatDomainCapabilities,
} from "@vireo/model/node/domain-capabilities";
import type { Issue } from "@vireo/model/schema/issue";
import { parse } from "@vireo/model/schema/parse";
import { parseXml } from "@vireo/model/xml/parse-xml";
import { qemuCapabilities } from "@vireo/qemu/capability/capabilities";
import { domainCapabilities } from "@vireo/qemu/capability/domain-capabilities";
import { capabilitiesFromAnswers } from "@vireo/qemu/capability/from-answers";
import { recordedAnswers } from "@vireo/qemu/capability/recorded";
import { firmwareOffers } from "@vireo/qemu/firmware/select-firmware";
import { libvirtCpuMap } from "../../packages/daemon/host/libvirt-cpu-map.ts";
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

/** Other hypervisors than QEMU: what libvirt wrote is read and written again. */
function again(expected: string): string {
  const issues: Issue[] = [];
  const capabilities = parse(DomainCapabilities, parseXml(expected), issues);
  if (issues.length > 0) throw new Error(issues.map(({ message }) => message).join("; "));
  return formatDomainCapabilities(capabilities);
}

interface Bench {
  readonly corpus: string;
  readonly cpuMap: CpuMap | undefined;
}

function converted({ corpus, cpuMap }: Bench, one: CapsCase, expected: string): string {
  if (one.replies === undefined) return again(expected);
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
    domainCapabilities(
      caps,
      { virtType, machine, cpuMap },
      { ...HOST, firmwares: kinds, secureBoot },
    ),
  );
}

function run(bench: Bench, one: CapsCase): ConformanceResult {
  const about = { corpus: "domaincaps", tier: one.kind, id: one.id };
  try {
    const expected = readFileSync(join(bench.corpus, "domaincaps", one.expected ?? ""), "utf8");
    const difference = firstDifference(converted(bench, one, expected), expected);
    return { ...about, passed: difference === undefined, detail: difference ?? "" };
  } catch (error) {
    return { ...about, passed: false, detail: messageOf(error) };
  }
}

export async function runDomainCaps(corpus: string): Promise<readonly ConformanceResult[]> {
  if (!existsSync(join(corpus, "domaincaps"))) return [];
  const cpuMap = await libvirtCpuMap();
  return (readManifest(corpus, "domaincaps") as readonly CapsCase[])
    .filter(({ kind }) => kind === "domaincaps")
    .map((one) => run({ corpus, cpuMap }, one));
}
