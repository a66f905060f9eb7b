/** `<domainCapabilities>`: what a domain of one kind can have on this host. */
import { element, type Infer } from "../schema/element.ts";
import { format } from "../schema/format.ts";
import {
  attr,
  child,
  children,
  requiredAttr,
  requiredContent,
  scaledText,
  text,
  texts,
} from "../schema/member.ts";
import { oneOf, string, uint, yesNo } from "../schema/scalar.ts";
import { KIB } from "../schema/unit.ts";

const Choices = element(
  "enum",
  "Values that an attribute may take.",
  {
    name: requiredAttr(string, { doc: "What may take them." }),
    values: texts(string, { name: "value", doc: "Each value." }),
  },
  { empty: true },
);
type Choices = Infer<typeof Choices>;

const supported = requiredAttr(yesNo, { doc: "Whether it can be had." });
const choices = children(Choices, { doc: "What may be chosen." });
const section = (tag: string, about: string) => element(tag, about, { supported, choices });

const Loader = element("loader", "Firmware images.", {
  supported,
  paths: texts(string, { name: "value", doc: "Image files." }),
  choices,
});
const OsSection = element("os", "Booting.", {
  supported,
  choices,
  loader: child(Loader, { doc: "Firmware." }),
});
const VcpuSection = element("vcpu", "vCPUs.", {
  max: requiredAttr(uint, { doc: "Most of them." }),
});
const Flag = (tag: string) => element(tag, `Whether ${tag} can be had.`, { supported });

const CpuModel = element("model", "A CPU model.", {
  usable: attr(oneOf("yes", "no", "unknown"), { doc: "Whether this host can give it." }),
  fallback: attr(oneOf("allow", "forbid"), { doc: "Whether another may be taken." }),
  deprecated: attr(yesNo, { doc: "Will go away." }),
  vendor: attr(string, { doc: "Maker." }),
  name: requiredContent(string, { doc: "Name." }),
});
const CpuFeature = element("feature", "A feature of the host model.", {
  policy: requiredAttr(oneOf("require", "disable"), { doc: "Given or hidden." }),
  name: requiredAttr(string, { doc: "Name." }),
});
const CpuMode = element("mode", "A way to choose the CPU.", {
  name: requiredAttr(string, { doc: "Mode." }),
  supported,
  choices,
  models: children(CpuModel, { doc: "Models." }),
  vendor: text(string, { doc: "Maker." }),
  features: children(CpuFeature, { doc: "Features beyond the model." }),
});
const CpuSection = element("cpu", "CPU.", { modes: children(CpuMode, { doc: "Modes." }) });

const Devices = element(
  "devices",
  "Devices.",
  {
    disk: child(section("disk", "Disks."), { doc: "Disks." }),
    graphics: child(section("graphics", "Displays."), { doc: "Displays." }),
    video: child(section("video", "Video cards."), { doc: "Video cards." }),
    hostdev: child(section("hostdev", "Host devices."), { doc: "Host devices." }),
    rng: child(section("rng", "Random numbers."), { doc: "Random numbers." }),
    filesystem: child(section("filesystem", "Shared directories."), { doc: "Shared directories." }),
    tpm: child(section("tpm", "TPM."), { doc: "TPM." }),
    redirdev: child(section("redirdev", "USB redirection."), { doc: "USB redirection." }),
    channel: child(section("channel", "Channels."), { doc: "Channels." }),
  },
  { empty: true },
);

const Sev = element("sev", "AMD's encryption of guests' memory.", {
  supported,
  cBitPosition: text(uint, { name: "cbitpos", doc: "Page table bit that says encrypted." }),
  reducedPhysBits: text(uint, { doc: "Address bits that encryption takes." }),
});
const SgxSection = element("section", "A section of the enclave page cache.", {
  node: requiredAttr(uint, { doc: "NUMA node." }),
  sizeKiB: requiredAttr(uint, { name: "size", doc: "KiB." }),
  unit: attr(string, { doc: "Unit of the size." }),
});
const Sgx = element("sgx", "Intel's enclaves.", {
  supported,
  flc: text(yesNo, { doc: "Flexible launch control." }),
  sgx1: text(yesNo, { doc: "First version." }),
  sgx2: text(yesNo, { doc: "Second version." }),
  sectionSizeKiB: scaledText({ name: "section_size", unit: KIB, doc: "All sections together." }),
  sections: child(
    element("sections", "Sections.", { sections: children(SgxSection, { doc: "Each." }) }),
    { doc: "Sections of the enclave page cache." },
  ),
});

const Features = element("features", "Features.", {
  gic: child(section("gic", "ARM's interrupt controller."), { doc: "GIC." }),
  vmcoreinfo: child(Flag("vmcoreinfo"), { doc: "Crash dumps." }),
  genid: child(Flag("genid"), { doc: "Generation id." }),
  backingStoreInput: child(Flag("backingStoreInput"), { doc: "Backing chains may be written." }),
  backup: child(Flag("backup"), { doc: "Backups." }),
  sev: child(Sev, { doc: "AMD SEV." }),
  sgx: child(Sgx, { doc: "Intel SGX." }),
  hyperv: child(section("hyperv", "Hyper-V enlightenments."), { doc: "Hyper-V." }),
});

export const DomainCapabilities = element("domainCapabilities", "What a kind of domain can have.", {
  path: text(string, { doc: "Emulator." }),
  domain: text(string, { doc: "Domain type." }),
  machine: text(string, { doc: "Machine type." }),
  arch: text(string, { doc: "Architecture." }),
  vcpu: child(VcpuSection, { doc: "vCPUs." }),
  iothreads: child(Flag("iothreads"), { doc: "I/O threads." }),
  os: child(OsSection, { doc: "Booting." }),
  cpu: child(CpuSection, { doc: "CPU." }),
  memoryBacking: child(section("memoryBacking", "Memory."), { doc: "Memory." }),
  devices: child(Devices, { doc: "Devices." }),
  features: child(Features, { doc: "Features." }),
});
export type DomainCapabilities = Infer<typeof DomainCapabilities>;

export const formatDomainCapabilities = (capabilities: DomainCapabilities): string =>
  format(DomainCapabilities, capabilities);
