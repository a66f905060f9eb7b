/** From what an emulator can do to `<domainCapabilities>`: pure. */
import type { CpuMap } from "@vireo/model/cpu/cpu-map";
import type { DomainCapabilities } from "@vireo/model/node/domain-capabilities";
import type { CpuModelCapability, MachineCapability, QemuCapabilities } from "./capabilities.ts";
import { cpuVendor, isNamedModel } from "./cpu-vendor.ts";
import { acceleratorOf, hypervisorCpu, nearestModel } from "./hypervisor-cpu.ts";

export interface DomainKind {
  readonly virtType: "kvm" | "qemu";
  readonly machine: MachineCapability;
  /** Most vCPUs that KVM takes; unlimited when absent. */
  readonly kvmMaxVcpus?: number;
  /** What is known of CPUs; without it no model is named after the host's. */
  readonly cpuMap?: CpuMap | undefined;
}

export interface HostOffers {
  /** Image files of firmware that fit the machine. */
  readonly loaders: readonly string[];
  readonly firmwares: readonly ("bios" | "efi")[];
  readonly secureBoot: boolean;
  /** Versions of TPM that the host's swtpm offers. */
  readonly tpmVersions: readonly string[];
  readonly vfio: boolean;
}

interface Choice {
  readonly name: string;
  readonly values: readonly string[];
}
const choice = (name: string, values: readonly string[]): Choice => ({ name, values });
const section = (choices: readonly Choice[]) => ({ supported: true, choices });

/** Values whose capability is there; `true` needs none. */
type Offer = readonly (readonly [value: string, needs: string | boolean])[];
const offered = (offers: Offer, { flags }: QemuCapabilities): readonly string[] =>
  offers.flatMap(([value, needs]) =>
    (typeof needs === "boolean" ? needs : flags.has(needs)) ? [value] : [],
  );

const isPc = ({ name }: MachineCapability): boolean =>
  name === "pc" || name.startsWith("pc-i440fx");
const VIRTIO_MODELS: Offer = [
  ["virtio", true],
  ["virtio-transitional", "virtio-pci-non-transitional"],
  ["virtio-non-transitional", "virtio-pci-non-transitional"],
];

const osSection = (offers: HostOffers): NonNullable<DomainCapabilities["os"]> => ({
  supported: true,
  choices: [choice("firmware", offers.firmwares)],
  loader: {
    supported: true,
    paths: offers.loaders,
    choices: [
      choice("type", ["rom", "pflash"]),
      choice("readonly", ["yes", "no"]),
      choice("secure", offers.secureBoot ? ["yes", "no"] : ["no"]),
    ],
  },
});

/** QEMU lists models by name backwards in libvirt's eyes; the old base models keep their place. */
const modelOf = ({ name, blockers, deprecated }: CpuModelCapability) => ({
  name,
  usable:
    blockers === undefined
      ? ("unknown" as const)
      : blockers.length === 0
        ? ("yes" as const)
        : ("no" as const),
  ...(deprecated === true ? { deprecated } : {}),
  vendor: cpuVendor(name),
});

function hostModelMode(
  caps: QemuCapabilities,
  virtType: DomainKind["virtType"],
  map: CpuMap | undefined,
): CpuMode {
  const cpu = map === undefined ? undefined : hypervisorCpu(caps, virtType, map);
  if (map === undefined || cpu === undefined) return { name: "host-model", supported: false };
  const { model, vendor, features } = nearestModel(cpu, map, "full");
  return {
    name: "host-model",
    supported: true,
    models: [{ fallback: "forbid", name: model }],
    ...(vendor === undefined ? {} : { vendor }),
    features: features.map(({ name, policy }) => ({
      name,
      policy: policy === "disable" ? policy : "require",
    })),
  };
}
type CpuMode = NonNullable<NonNullable<DomainCapabilities["cpu"]>["modes"]>[number];

function cpuSection(
  caps: QemuCapabilities,
  { virtType, cpuMap }: DomainKind,
): NonNullable<DomainCapabilities["cpu"]> {
  const models = acceleratorOf(caps, virtType).cpuModels;
  const passthrough = virtType === "kvm" && caps.data.kvm !== undefined;
  const migratable = caps.flags.has("cpu.migratable");
  const onOff = (name: string) => (migratable ? { choices: [choice(name, ["on", "off"])] } : {});
  return {
    modes: [
      {
        name: "host-passthrough",
        supported: passthrough,
        ...(passthrough ? onOff("hostPassthroughMigratable") : {}),
      },
      { name: "maximum", supported: true, ...onOff("maximumMigratable") },
      hostModelMode(caps, virtType, cpuMap),
      {
        name: "custom",
        supported: true,
        models: models.filter(({ name }) => isNamedModel(name)).map(modelOf),
      },
    ],
  };
}

const DISK_DEVICES = ["disk", "cdrom", "floppy", "lun"];
const VIDEO: Offer = [
  ["vga", "VGA"],
  ["cirrus", "cirrus-vga"],
  ["vmvga", "vmware-svga"],
  ["qxl", "qxl"],
  ["virtio", "virtio-gpu"],
  ["none", true],
  ["bochs", "bochs-display"],
  ["ramfb", "ramfb"],
];
const GRAPHICS: Offer = [
  ["sdl", "sdl"],
  ["vnc", "vnc"],
  ["spice", "spice"],
  ["egl-headless", "egl-headless"],
  ["dbus", "display-dbus"],
];

const hostdev = (caps: QemuCapabilities, vfio: boolean) =>
  section([
    choice("mode", ["subsystem"]),
    choice("startupPolicy", ["default", "mandatory", "requisite", "optional"]),
    choice(
      "subsysType",
      offered(
        [
          ["usb", true],
          ["pci", true],
          ["scsi", "virtio-scsi-pci"],
        ],
        caps,
      ),
    ),
    choice("capsType", []),
    choice("pciBackend", vfio && caps.flags.has("vfio-pci") ? ["default", "vfio"] : []),
  ]);

function tpm(caps: QemuCapabilities, { tpmVersions }: HostOffers) {
  const models = ["tpm-tis", "tpm-crb"].filter((model) => caps.data.tpmModels.includes(model));
  if (models.length === 0) return { supported: false };
  // QEMU only talks to an emulator; the host must have one
  const emulated = caps.data.tpmTypes.includes("emulator") && tpmVersions.length > 0;
  return section([
    choice("model", models),
    choice("backendModel", [
      ...(caps.data.tpmTypes.includes("passthrough") ? ["passthrough"] : []),
      ...(emulated ? ["emulator", "external"] : []),
    ]),
    ...(emulated ? [choice("backendVersion", tpmVersions)] : []),
  ]);
}

const devices = (
  caps: QemuCapabilities,
  { machine }: DomainKind,
  offers: HostOffers,
): NonNullable<DomainCapabilities["devices"]> => ({
  disk: section([
    choice("diskDevice", DISK_DEVICES),
    choice(
      "bus",
      offered(
        [
          ["ide", isPc(machine)],
          ["fdc", true],
          ["scsi", true],
          ["virtio", true],
          ["usb", "usb-storage"],
          ["sata", "ich9-ahci"],
        ],
        caps,
      ),
    ),
    choice("model", offered(VIRTIO_MODELS, caps)),
  ]),
  graphics: section([choice("type", offered(GRAPHICS, caps))]),
  video: section([choice("modelType", offered(VIDEO, caps))]),
  hostdev: hostdev(caps, offers.vfio),
  rng: section([
    choice("model", offered(VIRTIO_MODELS, caps)),
    choice(
      "backendModel",
      offered(
        [
          ["random", "rng-random"],
          ["egd", "rng-egd"],
          ["builtin", "rng-builtin"],
        ],
        caps,
      ),
    ),
  ]),
  filesystem: section([
    choice("driverType", ["path", "handle", ...offered([["virtiofs", "vhost-user-fs"]], caps)]),
  ]),
  tpm: tpm(caps, offers),
  redirdev: section([choice("bus", offered([["usb", "usb-redir"]], caps))]),
  channel: section([choice("type", ["pty", "unix", ...offered([["spicevmc", "spice"]], caps)])]),
});

/** Bytes of the enclave page cache are told in KiB. */
const sgxSection = ({ data: { sgx } }: QemuCapabilities) =>
  sgx === undefined
    ? { supported: false }
    : {
        supported: true,
        flc: sgx.flexibleLaunchControl,
        sgx1: sgx.sgx1,
        sgx2: sgx.sgx2,
        sectionSizeKiB: kib(sgx.sections.reduce((sum, { size }) => sum + size, 0)),
        sections: {
          sections: sgx.sections.map(({ node, size }) => ({
            node,
            sizeKiB: kib(size),
            unit: "KiB",
          })),
        },
      };
const kib = (bytes: number): number => Math.floor(bytes / 1024);

const sevSection = ({ data: { sev } }: QemuCapabilities) =>
  sev === undefined
    ? { supported: false }
    : {
        supported: true,
        cBitPosition: sev.cBitPosition,
        reducedPhysBits: sev.reducedPhysBits,
      };

const featureSection = (caps: QemuCapabilities): NonNullable<DomainCapabilities["features"]> => ({
  gic: { supported: false },
  vmcoreinfo: { supported: caps.flags.has("vmcoreinfo") },
  genid: { supported: caps.flags.has("vmgenid") },
  backingStoreInput: { supported: true },
  backup: { supported: caps.flags.has("incremental-backup") },
  sev: sevSection(caps),
  sgx: sgxSection(caps),
  ...(caps.data.hyperv === undefined
    ? {}
    : { hyperv: section([choice("features", caps.data.hyperv)]) }),
});

const maxVcpus = ({ machine, virtType, kvmMaxVcpus }: DomainKind): number => {
  const most = machine.maxCpus ?? 1;
  return virtType === "kvm" && kvmMaxVcpus !== undefined ? Math.min(most, kvmMaxVcpus) : most;
};

export const domainCapabilities = (
  caps: QemuCapabilities,
  kind: DomainKind,
  offers: HostOffers,
): DomainCapabilities => ({
  path: caps.binary,
  domain: kind.virtType,
  machine: kind.machine.name,
  arch: caps.arch === "i386" ? "i686" : caps.arch,
  vcpu: { max: maxVcpus(kind) },
  iothreads: { supported: true },
  os: osSection(offers),
  cpu: cpuSection(caps, kind),
  memoryBacking: section([
    choice("sourceType", [
      "file",
      "anonymous",
      ...offered([["memfd", "memory-backend-memfd"]], caps),
    ]),
  ]),
  devices: devices(caps, kind, offers),
  features: featureSection(caps),
});
