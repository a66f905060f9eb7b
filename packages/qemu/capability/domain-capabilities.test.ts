import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { formatDomainCapabilities } from "@vireo/model/node/domain-capabilities";
import { qemuCapabilities, type CapabilityData } from "./capabilities.ts";
import { domainCapabilities, type HostOffers } from "./domain-capabilities.ts";
import { capabilitiesFromAnswers } from "./from-answers.ts";
import { probeQemu } from "./probe.ts";
import { recordedAnswers } from "./recorded.ts";

const CORPUS = join(import.meta.dirname, "../../../../shared/corpus/dev");
const skip = existsSync(CORPUS) ? false : `the corpus is not at ${CORPUS}`;

/** The host that the recordings' expectations were written for. */
const OFFERS: HostOffers = {
  loaders: ["AAVMF/AAVMF_CODE.fd", "AAVMF/AAVMF32_CODE.fd", "OVMF/OVMF_CODE.fd"].map(
    (name) => `/usr/share/${name}`,
  ),
  firmwares: ["bios", "efi"],
  secureBoot: true,
  tpmVersions: ["2.0"],
  vfio: true,
};

/** The nearest CPU model is found elsewhere. */
const withoutHostModel = (xml: string): string[] =>
  xml
    .replace(/ *<mode name='host-model' supported='(no'\/>|yes'>[^]*?<\/mode>)\n/, "")
    .trimEnd()
    .split("\n");

function recorded(version: string): CapabilityData {
  const path = join(CORPUS, `_shared/qemu/caps_${version}.x86_64.replies.json`);
  const recording: unknown = JSON.parse(readFileSync(path, "utf8"));
  assert.ok(Array.isArray(recording));
  const [kvm, tcg] = recordedAnswers(recording);
  assert.ok(kvm !== undefined);
  return capabilitiesFromAnswers("/usr/bin/qemu-system-x86_64", kvm, tcg);
}

for (const version of ["7.2.0", "8.0.0"])
  for (const [suffix, virtType, name, secureBoot] of [
    ["", "kvm", "pc", false],
    ["-q35", "kvm", "q35", true],
    ["-tcg", "qemu", "pc", false],
  ] as const)
    test(`domain capabilities: ${version}${suffix} as libvirt tells them, but for the host's model`, {
      skip,
    }, () => {
      const caps = qemuCapabilities(recorded(version));
      const machine = caps.machine(name);
      assert.ok(machine !== undefined);
      const told = domainCapabilities(caps, { virtType, machine }, { ...OFFERS, secureBoot });
      const path = join(CORPUS, `domaincaps/qemu_${version}${suffix}.x86_64.xml`);
      assert.deepEqual(
        withoutHostModel(formatDomainCapabilities(told)),
        withoutHostModel(readFileSync(path, "utf8")),
      );
    });

test("domain capabilities: enlightenments of the installed QEMU need no KVM for their values", async () => {
  const { hyperv } = await probeQemu("/usr/bin/qemu-system-x86_64");
  assert.ok(hyperv?.includes("spinlocks"));
});

test("domain capabilities: what protects guests from the host is told in full", () => {
  const data: CapabilityData = {
    binary: "q",
    arch: "x86_64",
    version: 7_002_000,
    package: "",
    flags: [],
    tcg: { machines: [{ name: "pc", maxCpus: 4 }], cpuModels: [] },
    tpmModels: [],
    tpmTypes: [],
    sev: { cBitPosition: 47, reducedPhysBits: 1 },
    sgx: {
      flexibleLaunchControl: true,
      sgx1: true,
      sgx2: false,
      sections: [{ node: 0, size: 1024 * 1024 }],
    },
  };
  const caps = qemuCapabilities(data);
  const machine = caps.machine("pc");
  assert.ok(machine !== undefined);
  const told = formatDomainCapabilities(
    domainCapabilities(caps, { virtType: "qemu", machine }, OFFERS),
  );
  assert.match(told, /<cbitpos>47<\/cbitpos>\n *<reducedPhysBits>1</);
  assert.match(told, /<section_size unit='KiB'>1024<\/section_size>/);
  assert.match(told, /<section node='0' size='1024' unit='KiB'\/>/);
});
