/** The host that the test driver pretends: small, NUMA, always the same, so that tests can rely on it. */
import { LIBVIRT_VERSION } from "../libvirt-version.ts";
import { hostname } from "node:os";
import { virError } from "@vireo/model/error";
import type { Role } from "../contract.ts";

export const TEST_CPUS = 16;
const CELLS_KIB = [2 * 1024 * 1024, 4 * 1024 * 1024] as const;
const PAGE_SIZES_KIB = [4, 2048, 1_048_576] as const;

/** libvirt's test driver tells these numbers; clients' own tests know them. */
const NODE = {
  model: "i686",
  memoryKiB: 3 * 1024 * 1024,
  cpus: TEST_CPUS,
  mhz: 1400,
  nodes: CELLS_KIB.length,
  sockets: 2,
  cores: 2,
  threads: 2,
};

const CPU_STATS = {
  kernel: 34_678_723_400_000,
  user: 9_797_400_000,
  idle: 87_264_900_000,
  iowait: 763_600_000,
};

const cpusOf = (cell: number): string => {
  const count = TEST_CPUS / CELLS_KIB.length;
  const cpu = (_: unknown, i: number): string =>
    `            <cpu id='${cell * count + i}' socket_id='${cell}' die_id='0' core_id='${i}' siblings='${cell * count + i}'/>`;
  return `          <cpus num='${count}'>\n${Array.from({ length: count }, cpu).join("\n")}\n          </cpus>`;
};

const pagesOf = (kib: number): string =>
  PAGE_SIZES_KIB.map(
    (size) => `          <pages unit='KiB' size='${size}'>${size === 4 ? kib / size : 0}</pages>`,
  ).join("\n");

const cellXml = (kib: number, cell: number): string =>
  `        <cell id='${cell}'>
          <memory unit='KiB'>${kib}</memory>
${pagesOf(kib)}
${cpusOf(cell)}
        </cell>`;

const guestXml = (type: string): string => `
  <guest>
    <os_type>${type}</os_type>
    <arch name='i686'>
      <wordsize>32</wordsize>
      <emulator>/usr/bin/test-hv</emulator>
      <domain type='test'/>
    </arch>
    <features>
      <pae/>
      <nonpae/>
    </features>
  </guest>
`;

const CAPABILITIES = `<capabilities>

  <host>
    <cpu>
      <arch>i686</arch>
      <features>
        <pae/>
        <nonpae/>
      </features>
${PAGE_SIZES_KIB.map((size) => `      <pages unit='KiB' size='${size}'/>`).join("\n")}
    </cpu>
    <power_management/>
    <iommu support='no'/>
    <topology>
      <cells num='${CELLS_KIB.length}'>
${CELLS_KIB.map(cellXml).join("\n")}
      </cells>
    </topology>
    <secmodel>
      <model>testSecurity</model>
      <doi></doi>
    </secmodel>
  </host>
${guestXml("hvm")}
</capabilities>
`;

const cellsFrom = (start: number, max: number): number[] => {
  if (start < 0 || start >= CELLS_KIB.length)
    throw virError("invalidArg", `Range exceeds available cells: ${start} of ${CELLS_KIB.length}`);
  return CELLS_KIB.slice(start, start + max).map((kib) => kib * 1024);
};

export const testHost: Role<"connect"> = {
  type: () => "TEST",
  version: () => 2,
  libVersion: () => LIBVIRT_VERSION,
  hostname: () => hostname(),
  uri: (_input, { uri }) => uri,
  capabilities: () => CAPABILITIES,
  nodeInfo: () => NODE,
  cpuMap: () => ({ present: TEST_CPUS, online: Array.from({ length: TEST_CPUS }, () => true) }),
  cpuStats: () => CPU_STATS,
  freeMemory: () => NODE.memoryKiB * 1024,
  cellsFreeMemory: ({ start, max }) => cellsFrom(start, max),
  maxVcpus: () => 32,
  isSecure: () => true,
  isEncrypted: () => false,
  securityModel: () => ({ model: "testSecurity", doi: "" }),
  supportsFeature: ({ feature }) => STRING_PARAMETERS === feature,
};
const STRING_PARAMETERS = 9;
