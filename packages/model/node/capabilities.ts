/** `<capabilities>`: what a host and its emulators can do. */
import { element, type Infer } from "../schema/element.ts";
import {
  attr,
  child,
  children,
  flag,
  requiredAttr,
  requiredContent,
  scaledAttr,
  scaledContent,
  text,
  texts,
} from "../schema/member.ts";
import { format } from "../schema/format.ts";
import { oneOf, onOff, string, uint, yesNo } from "../schema/scalar.ts";
import { KIB } from "../schema/unit.ts";

const PageSize = element("pages", "A page size of the host.", {
  unit: requiredAttr(string, { doc: "Unit of the size." }),
  size: requiredAttr(uint, { doc: "Size of a page." }),
});
const PagePool = element("pages", "Pages of one size.", {
  unit: requiredAttr(string, { doc: "Unit of the size." }),
  size: requiredAttr(uint, { doc: "Size of a page." }),
  count: requiredContent(uint, { doc: "How many there are." }),
});
const Topology = element("topology", "How the processors are arranged.", {
  sockets: requiredAttr(uint, { doc: "Per NUMA node." }),
  dies: requiredAttr(uint, { doc: "Per socket." }),
  cores: requiredAttr(uint, { doc: "Per die." }),
  threads: requiredAttr(uint, { doc: "Per core." }),
});
const Feature = element("feature", "A feature of the processor.", {
  name: requiredAttr(string, { doc: "QEMU's name of it." }),
});
const Microcode = element("microcode", "Microcode of the processors.", {
  version: requiredAttr(uint, { doc: "Revision." }),
});
const Signature = element("signature", "What kind of processor.", {
  family: requiredAttr(uint, { doc: "Family." }),
  model: requiredAttr(uint, { doc: "Model." }),
  stepping: requiredAttr(uint, { doc: "Stepping." }),
});
const MaxPhysAddr = element("maxphysaddr", "Width of physical addresses.", {
  mode: requiredAttr(oneOf("emulate", "passthrough"), { doc: "How guests get it." }),
  bits: requiredAttr(uint, { doc: "Bits." }),
});
const CacheBank = element("bank", "A cache.", {
  id: requiredAttr(uint, { doc: "Number among those of the level." }),
  level: requiredAttr(uint, { doc: "Distance from the core." }),
  type: requiredAttr(oneOf("both", "code", "data"), { doc: "What it holds." }),
  sizeKiB: scaledAttr({ name: "size", unit: KIB, pretty: true, doc: "Size." }),
  cpus: requiredAttr(string, { doc: "Processors that share it." }),
});
const CacheBanks = element("cache", "Caches that processors share.", {
  banks: children(CacheBank, { doc: "Each." }),
});
const HostCpu = element("cpu", "The host's processors.", {
  arch: text(string, { doc: "Architecture." }),
  model: text(string, { doc: "Nearest CPU model." }),
  vendor: text(string, { doc: "Maker." }),
  microcode: child(Microcode, { doc: "Microcode." }),
  signature: child(Signature, { doc: "Kind of processor." }),
  topology: child(Topology, { doc: "Arrangement." }),
  maxPhysAddr: child(MaxPhysAddr, { doc: "Width of addresses." }),
  features: children(Feature, { doc: "What goes beyond the model." }),
  pages: children(PageSize, { doc: "Page sizes." }),
});
const Iommu = element("iommu", "Whether devices can be given to guests.", {
  support: requiredAttr(yesNo, { doc: "An IOMMU is in use." }),
});
const UriTransports = element("uri_transports", "Ways to migrate.", {
  transports: texts(string, { name: "uri_transport", doc: "Scheme of a migration URI." }),
});
const MigrationFeatures = element("migration_features", "What migration can do.", {
  live: flag({ doc: "While the guest runs." }),
  transports: child(UriTransports, { doc: "Ways." }),
});
const Sibling = element("sibling", "Distance to a cell.", {
  id: requiredAttr(uint, { doc: "The cell." }),
  value: requiredAttr(uint, { doc: "10 is local." }),
});
const Distances = element("distances", "Distances to all cells.", {
  siblings: children(Sibling, { doc: "One for each cell." }),
});
const CellCpu = element("cpu", "A processor.", {
  id: requiredAttr(uint, { doc: "Number in the system." }),
  socket: requiredAttr(uint, { name: "socket_id", doc: "Its socket." }),
  die: requiredAttr(uint, { name: "die_id", doc: "Its die." }),
  core: requiredAttr(uint, { name: "core_id", doc: "Its core." }),
  siblings: requiredAttr(string, { doc: "Processors of the same core." }),
});
const CellCpus = element("cpus", "Processors of a cell.", {
  num: requiredAttr(uint, { doc: "How many." }),
  cpus: children(CellCpu, { doc: "Each." }),
});
const CellMemory = element("memory", "Memory of a cell.", {
  kib: scaledContent({ unit: KIB, doc: "Amount." }),
});
const Cell = element("cell", "A NUMA cell.", {
  id: requiredAttr(uint, { doc: "Number." }),
  memory: child(CellMemory, { doc: "Memory." }),
  pages: children(PagePool, { doc: "Pages by size." }),
  distances: child(Distances, { doc: "To the other cells." }),
  cpus: child(CellCpus, { doc: "Processors." }),
});
const Cells = element("cells", "The NUMA cells.", {
  num: requiredAttr(uint, { doc: "How many." }),
  cells: children(Cell, { doc: "Each." }),
});
const HostTopology = element("topology", "NUMA topology.", {
  cells: child(Cells, { doc: "Cells." }),
});
const SecurityModel = element("secmodel", "What confines guests.", {
  model: text(string, { doc: "Name." }),
  doi: text(string, { doc: "Domain of interpretation." }),
});

/** The host. */
export const CapabilitiesHost = element("host", "The host.", {
  uuid: text(string, { doc: "The host's own UUID." }),
  cpu: child(HostCpu, { doc: "Processors." }),
  powerManagement: child(element("power_management", "Ways to sleep.", {}, { empty: true }), {
    doc: "Sleep states.",
  }),
  iommu: child(Iommu, { doc: "IOMMU." }),
  migration: child(MigrationFeatures, { doc: "Migration." }),
  topology: child(HostTopology, { doc: "NUMA." }),
  cache: child(CacheBanks, { doc: "Caches." }),
  securityModels: children(SecurityModel, { doc: "Confinement." }),
});
export type CapabilitiesHost = Infer<typeof CapabilitiesHost>;

const GuestMachine = element("machine", "A machine type.", {
  canonical: attr(string, { doc: "What this alias stands for." }),
  maxCpus: attr(uint, { doc: "Most vCPUs." }),
  deprecated: attr(yesNo, { doc: "Will go away." }),
  name: requiredContent(string, { doc: "Name." }),
});
const GuestDomain = element("domain", "A domain type.", {
  type: requiredAttr(string, { doc: "As in `<domain type=…>`." }),
});
const GuestArch = element("arch", "An architecture of guests.", {
  name: requiredAttr(string, { doc: "Name." }),
  wordsize: text(uint, { doc: "Bits." }),
  emulator: text(string, { doc: "Path." }),
  machines: children(GuestMachine, { doc: "Machine types." }),
  domains: children(GuestDomain, { doc: "Domain types." }),
});
const toggled = (name: string, about: string) =>
  element(name, about, {
    default: requiredAttr(onOff, { doc: "Without a word about it." }),
    toggle: requiredAttr(yesNo, { doc: "Can be changed." }),
  });
const GuestFeatures = element("features", "What guests can have.", {
  pae: flag({ doc: "Physical address extension." }),
  nonPae: flag({ name: "nonpae", doc: "Without it as well." }),
  acpi: child(toggled("acpi", "ACPI."), { doc: "ACPI." }),
  apic: child(toggled("apic", "APIC."), { doc: "APIC." }),
  cpuSelection: flag({ name: "cpuselection", doc: "CPU models can be chosen." }),
  deviceBoot: flag({ name: "deviceboot", doc: "Boot order by device." }),
  diskSnapshot: child(toggled("disksnapshot", "External snapshots."), {
    doc: "Snapshots of disks.",
  }),
});
/** A kind of guest that can run. */
export const CapabilitiesGuest = element("guest", "A kind of guest.", {
  osType: text(string, { name: "os_type", doc: "`hvm`." }),
  arch: child(GuestArch, { doc: "Architecture." }),
  features: child(GuestFeatures, { doc: "Features." }),
});
export type CapabilitiesGuest = Infer<typeof CapabilitiesGuest>;

/** The document as libvirt lays it out: blank lines between its parts. */
export function formatCapabilities(
  host: CapabilitiesHost,
  guests: readonly CapabilitiesGuest[],
): string {
  const view = { live: false, secure: false, migratable: false };
  const parts = [
    format(CapabilitiesHost, host, view, 1),
    ...guests.map((guest) => format(CapabilitiesGuest, guest, view, 1)),
  ];
  return `<capabilities>\n\n${parts.join("\n")}\n</capabilities>\n`;
}
