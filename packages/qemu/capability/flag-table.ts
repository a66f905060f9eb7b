/**
 * Which answers of QEMU make which capability. Every object type is a capability under its own
 * name; these tables hold the rest. Names are libvirt's (interop), the conditions were read off
 * QEMU's answers.
 */

/** Object type -> capabilities under other names. */
export const TYPE_FLAGS: Readonly<Record<string, readonly string[]>> = {
  "ccid-card-emulated": ["ccid-emulated"],
  "ccid-card-passthru": ["ccid-passthru"],
  lsi53c895a: ["lsi"],
  "i82801b11-bridge": ["dmi-to-pci-bridge"],
  "virtio-rng-device": ["virtio-rng"],
  "virtio-net-device": ["virtio-net"],
  "virtio-gpu-device": ["virtio-gpu"],
  "virtio-keyboard-device": ["virtio-keyboard"],
  "virtio-mouse-device": ["virtio-mouse"],
  "virtio-tablet-device": ["virtio-tablet"],
  "virtio-input-host-device": ["virtio-input-host"],
  "vhost-vsock-device": ["vhost-vsock"],
  "vhost-user-fs-device": ["vhost-user-fs"],
  "virtio-blk-pci-non-transitional": ["virtio-pci-non-transitional"],
  "max-x86_64-cpu": ["x86-max-cpu"],
  "max-i386-cpu": ["x86-max-cpu"],
};

interface PropertyRow {
  /** Property -> capability. */
  readonly flags: Readonly<Record<string, string>>;
  readonly ask?: "qom-list-properties";
}

const X86_CPU = {
  "unavailable-features": "cpu-unavailable-features",
  "l3-cache": "cpu-cache",
};

/** Properties of an object type -> capabilities. */
export const PROPERTY_FLAGS: Readonly<Record<string, PropertyRow>> = {
  "virtio-blk-pci": {
    flags: { scsi: "virtio-blk-pci.scsi", "queue-size": "virtio-blk.queue-size" },
  },
  "virtio-net-pci": { flags: { "acpi-index": "acpi-index", rss: "virtio-net.rss" } },
  "scsi-hd": {
    flags: { channel: "scsi-disk.channel", wwn: "scsi-disk.wwn", rotation_rate: "rotation-rate" },
  },
  "ide-hd": { flags: { wwn: "ide-drive.wwn" } },
  PIIX4_PM: {
    flags: {
      disable_s3: "disable-s3",
      disable_s4: "disable-s4",
      "acpi-root-pci-hotplug": "piix4.acpi-root-pci-hotplug",
    },
  },
  "ICH9-LPC": { flags: { disable_s3: "ich9-disable-s3", disable_s4: "ich9-disable-s4" } },
  "usb-redir": { flags: { filter: "usb-redir.filter" } },
  "usb-storage": { flags: { removable: "usb-storage.removable" } },
  "usb-host": {
    flags: { hostdevice: "usb-host.hostdevice", "guest-resets-all": "usb-host.guest-resets-all" },
  },
  "kvm-pit": { flags: { lost_tick_policy: "kvm-pit-lost-tick-policy" } },
  VGA: { flags: { vgamem_mb: "VGA.vgamem_mb" } },
  "vmware-svga": { flags: { vgamem_mb: "vmware-svga.vgamem_mb" } },
  qxl: { flags: { vgamem_mb: "qxl.vgamem_mb", vram64_size_mb: "qxl.vram64_size_mb" } },
  "vfio-pci": { flags: { display: "vfio-pci.display" } },
  "virtio-balloon-pci": {
    flags: {
      "deflate-on-oom": "virtio-balloon-pci.deflate-on-oom",
      "free-page-reporting": "virtio-balloon.free-page-reporting",
    },
  },
  "intel-iommu": {
    flags: {
      intremap: "intel-iommu.intremap",
      "caching-mode": "intel-iommu.caching-mode",
      eim: "intel-iommu.eim",
      "device-iotlb": "intel-iommu.device-iotlb",
      "aw-bits": "intel-iommu.aw-bits",
    },
  },
  mch: { flags: { "extended-tseg-mbytes": "mch.extended-tseg-mbytes" } },
  nvdimm: { flags: { unarmed: "nvdimm.unarmed" } },
  "pcie-root-port": { flags: { hotplug: "pcie-root-port.hotplug" } },
  "vhost-user-fs-device": { flags: { bootindex: "vhost-user-fs.bootindex" } },
  "virtio-mem-pci": { flags: { prealloc: "virtio-mem-pci.prealloc" } },
  "virtio-iommu-pci": { flags: { "boot-bypass": "virtio-iommu.boot-bypass" } },
  "memory-backend-file": {
    ask: "qom-list-properties",
    flags: {
      pmem: "memory-backend-file.pmem",
      "x-use-canonical-path-for-ramblock-id":
        "memory-backend-file.x-use-canonical-path-for-ramblock-id",
      reserve: "memory-backend-file.reserve",
      "prealloc-threads": "memory-backend-file.prealloc-threads",
    },
  },
  "memory-backend-memfd": {
    ask: "qom-list-properties",
    flags: { hugetlb: "memory-backend-memfd.hugetlb" },
  },
  // libvirt looks for it in the 64-bit model only: `host-passthrough` of an i686 guest is not migratable
  "max-x86_64-cpu": {
    ask: "qom-list-properties",
    flags: { migratable: "cpu.migratable", ...X86_CPU },
  },
  "max-i386-cpu": { ask: "qom-list-properties", flags: X86_CPU },
  "none-machine": {
    ask: "qom-list-properties",
    flags: { "confidential-guest-support": "confidential-guest-support" },
  },
};

/** Option of the command line (and a parameter of it) -> capability. */
export const OPTION_FLAGS: readonly (readonly [
  option: string,
  parameter: string | undefined,
  flag: string,
])[] = [
  ["acpi", undefined, "no-acpi"],
  ["sandbox", undefined, "seccomp-sandbox"],
  ["spice", undefined, "spice"],
  ["spice", "gl", "spice-gl"],
  ["spice", "rendernode", "spice-rendernode"],
  ["vnc", undefined, "vnc"],
  ["vnc", "power-control", "vnc-power-control"],
  ["chardev", "reconnect", "chardev-reconnect"],
  ["smp-opts", "dies", "smp-dies"],
  ["fsdev", "multidevs", "fsdev.multidevs"],
  ["machine", "vmport", "machine-vmport-opt"],
  ["machine", "hpet", "machine-hpet"],
  ["no-hpet", undefined, "no-hpet"],
];

/** Command -> capability. */
export const COMMAND_FLAGS: Readonly<Record<string, string>> = {
  "rtc-reset-reinjection": "rtc-reset-reinjection",
  "query-hotpluggable-cpus": "query-hotpluggable-cpus",
  "query-cpu-model-expansion": "query-cpu-model-expansion",
  "query-cpu-definitions": "query-cpu-definitions",
  "blockdev-reopen": "blockdev-reopen",
  "set-action": "set-action",
  "block-export-add": "block-export-add",
  "query-dirty-rate": "query-dirty-rate",
  "calc-dirty-rate": "calc-dirty-rate",
  "sev-inject-launch-secret": "sev-inject-launch-secret",
  "query-stats": "query-stats",
  "query-stats-schemas": "query-stats-schemas",
};

/** What every QEMU since 4.2, the oldest that libvirt 9 accepts, has. */
export const ALWAYS: readonly string[] = [
  "migrate-rdma",
  "nbd-tls",
  "nbd-bitmap",
  "incremental-backup",
  "migration-file-drop-cache",
  "egl-headless",
  "drive-nvme",
];
