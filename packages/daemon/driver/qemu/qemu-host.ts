/** What the QEMU driver tells about its host. */
import { LIBVIRT_VERSION } from "../libvirt-version.ts";
import type { SevCapability } from "@vireo/qemu/capability/capabilities";
import { virError } from "@vireo/model/error";
import { escapeXml } from "@vireo/model/xml/escape-xml";
import {
  cellsFreeMemory,
  cpuMap,
  freeMemory,
  hostName,
  nodeCpuStats,
  nodeInfo,
  nodeMemoryStats,
} from "../../host/node-info.ts";
import { allocatePages, freePages } from "../../host/page-pools.ts";
import { mergingParameters, setMergingParameters } from "../../host/same-page-merging.ts";
import { sysinfo, type SysinfoBlock } from "../../host/sysinfo.ts";
import type { Role } from "../contract.ts";

/** What follows from the probed emulator. */
export interface EmulatorView {
  /** major x 1000000 + minor x 1000 + micro. */
  readonly version: () => Promise<number>;
  readonly capabilities: () => Promise<string>;
  readonly domainCapabilities: (flavour: Flavour) => Promise<string>;
  /** Undefined where QEMU cannot encrypt a guest's memory by SEV. */
  readonly sev: () => Promise<SevCapability | undefined>;
  readonly maxVcpus: (virtType: string | undefined) => Promise<number>;
}
export interface Flavour {
  readonly emulator?: string | undefined;
  readonly arch?: string | undefined;
  readonly machine?: string | undefined;
  readonly virtType?: string | undefined;
}

/** The host's power is its administrator's matter: none of these is offered, nor shown in the capabilities. */
const SLEEP = {
  mem: "Suspend-to-RAM",
  disk: "Suspend-to-Disk",
  hybrid: "Hybrid-Suspend",
} as const;

/** libvirt's numbered features that belong to the driver; migration comes with its issue. */
const FEATURES: ReadonlySet<number> = new Set([9, 16]);

const blockXml = ({ block, entries }: SysinfoBlock): string => {
  const lines = entries.map(
    ([name, value]) => `    <entry name='${escapeXml(name)}'>${escapeXml(value)}</entry>\n`,
  );
  return `  <${block}>\n${lines.join("")}  </${block}>\n`;
};

const sysinfoXml = (blocks: readonly SysinfoBlock[]): string =>
  `<sysinfo type='smbios'>\n${blocks.map(blockXml).join("")}</sysinfo>\n`;

async function onlineCpus(): Promise<{ present: number; online: boolean[] }> {
  const { present, online } = await cpuMap();
  const last = Math.max(...present) + 1;
  const bits = Array.from({ length: last }, (_, cpu) => online.includes(cpu));
  return { present: last, online: bits };
}

export const qemuHost = (emulator: EmulatorView): Role<"connect"> => ({
  type: () => "QEMU",
  version: () => emulator.version(),
  libVersion: () => LIBVIRT_VERSION,
  hostname: () => hostName(),
  uri: (_input, { uri }) => uri,
  capabilities: () => emulator.capabilities(),
  domainCapabilities: (flavour) => emulator.domainCapabilities(flavour),
  nodeInfo: () => nodeInfo(),
  cpuMap: () => onlineCpus(),
  cpuStats: ({ cpu }) => nodeCpuStats(cpu),
  memoryStats: ({ cell }) => nodeMemoryStats(cell),
  freeMemory: () => freeMemory(),
  cellsFreeMemory: (range) => cellsFreeMemory(range),
  freePages: ({ sizesKiB, ...range }) => freePages(sizesKiB, range),
  allocatePages: ({ pools, add = false, ...range }) => allocatePages(pools, { ...range, add }),
  memoryParameters: () => mergingParameters(),
  setMemoryParameters: (values) => setMergingParameters(values),
  sevInfo: async () => {
    const sev = await emulator.sev();
    if (sev === undefined)
      throw virError("operationUnsupported", "QEMU does not support SEV guest");
    return { cbitpos: sev.cBitPosition, "reduced-phys-bits": sev.reducedPhysBits };
  },
  suspend: ({ target }) => {
    throw virError("argumentUnsupported", SLEEP[target]);
  },
  maxVcpus: ({ virtType }) => emulator.maxVcpus(virtType),
  isSecure: () => true,
  isEncrypted: () => false,
  sysinfo: async () => sysinfoXml(await sysinfo()),
  securityModel: () => ({ model: "none", doi: "0" }),
  supportsFeature: ({ feature }) => FEATURES.has(feature),
});
