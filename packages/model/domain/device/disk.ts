/** `<disk>`: a block device the guest sees. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, discriminant, flag, requiredAttr, text } from "../../schema/member.ts";
import { oneOf, onOff, positive, string, uint, unless, yesNo } from "../../schema/scalar.ts";
import { bootInfo } from "./device-info.ts";
import { Auth, Encryption } from "./disk-auth.ts";
import { BackingStore, IMAGE_FORMATS, MetadataCache, Mirror } from "./disk-chain.ts";
import { STORAGE_TYPES, storageSource } from "./disk-source.ts";
import { IoTune } from "./disk-tuning.ts";
import { VIRTIO_MODELS, virtioOptions } from "./virtio-driver.ts";

const Driver = element("driver", "How the host serves the disk.", {
  name: attr(string, { doc: "Back end; `qemu` here." }),
  type: attr(oneOf(...IMAGE_FORMATS), {
    invalid: "unknown driver format value '%s'",
    fault: "configUnsupported",
    doc: "Format of the image.",
  }),
  cache: attr(
    unless("default", oneOf("none", "writethrough", "writeback", "directsync", "unsafe")),
    { doc: "Use of the host's page cache, and of flushes." },
  ),
  errorPolicy: attr(unless("default", oneOf("stop", "report", "ignore", "enospace")), {
    name: "error_policy",
    doc: "What happens on an error.",
  }),
  readErrorPolicy: attr(unless("default", oneOf("stop", "report", "ignore")), {
    name: "rerror_policy",
    doc: "What happens on an error while reading.",
  }),
  io: attr(unless("default", oneOf("native", "threads", "io_uring")), {
    doc: "Engine of asynchronous I/O.",
  }),
  ioeventfd: attr(onOff, { doc: "Take the guest's notifications outside the vCPU thread." }),
  eventIdx: attr(onOff, { name: "event_idx", doc: "Fewer interrupts and notifications." }),
  copyOnRead: attr(onOff, {
    name: "copy_on_read",
    doc: "Copy what is read from the backing store.",
  }),
  discard: attr(unless("default", oneOf("unmap", "ignore")), { doc: "What becomes of TRIM." }),
  iothread: attr(positive, { doc: "I/O thread that serves the disk." }),
  detectZeroes: attr(unless("default", oneOf("off", "on", "unmap")), {
    name: "detect_zeroes",
    doc: "Turn writes of zeroes into something cheaper.",
  }),
  queues: attr(positive, { doc: "Number of virtqueues." }),
  queueSize: attr(positive, { name: "queue_size", doc: "Size of a virtqueue." }),
  ...virtioOptions,
  metadataCache: child(MetadataCache, { doc: "Cache of the image's tables." }),
});

export const DISK_BUSES = [
  "ide",
  "fdc",
  "scsi",
  "virtio",
  "xen",
  "usb",
  "uml",
  "sata",
  "sd",
] as const;

const Target = element("target", "Where the guest sees the disk.", {
  dev: attr(string, { doc: "Unique name that orders the disks, such as `vda`." }),
  bus: attr(oneOf(...DISK_BUSES), {
    doc: "Bus; by the name's first letters when absent.",
  }),
  tray: attr(oneOf("closed", "open"), { doc: "State of the drive's tray.", omit: "closed" }),
  removable: attr(onOff, { doc: "USB: the medium can be taken out." }),
  rotationRate: attr(positive, {
    name: "rotation_rate",
    doc: "Revolutions per minute; 1 says solid state.",
  }),
});
const Geometry = element("geometry", "Geometry the guest's BIOS sees.", {
  cyls: requiredAttr(uint, { doc: "Cylinders." }),
  heads: requiredAttr(uint, { doc: "Heads." }),
  secs: requiredAttr(uint, { doc: "Sectors." }),
  trans: attr(unless("default", oneOf("none", "auto", "lba")), { doc: "Translation." }),
});
const BlockIo = element("blockio", "Block sizes the guest sees.", {
  logicalBlockSize: attr(uint, { name: "logical_block_size", doc: "Bytes.", omit: 0 }),
  physicalBlockSize: attr(uint, { name: "physical_block_size", doc: "Bytes.", omit: 0 }),
});
const Transient = element(
  "transient",
  "Changes are dropped when the guest stops.",
  { shareBacking: attr(yesNo, { doc: "Several domains may start from the image at once." }) },
  { empty: true },
);

export const Disk = element("disk", "A block device.", {
  type: discriminant(STORAGE_TYPES, {
    doc: "Kind of storage.",
    default: "file",
  }),
  device: attr(oneOf("disk", "cdrom", "floppy", "lun"), {
    doc: "Kind of device.",
    default: "disk",
  }),
  model: attr(unless("default", oneOf(...VIRTIO_MODELS)), {
    doc: "Revisions of virtio it offers.",
  }),
  rawio: attr(yesNo, { doc: "The guest may send raw SCSI commands." }),
  sgio: attr(unless("default", oneOf("filtered", "unfiltered")), {
    doc: "Filter for raw SCSI commands.",
  }),
  snapshot: attr(oneOf("no", "internal", "external", "manual"), {
    doc: "What a snapshot does with the disk.",
  }),
  driver: child(Driver, { doc: "How the host serves the disk." }),
  auth: child(Auth, { doc: "Older place of the source's credentials." }),
  source: storageSource,
  backingStore: child(BackingStore, { doc: "Image that this one falls back to." }),
  backendDomain: child(
    element("backenddomain", "Xen: domain that serves the disk.", {
      name: attr(string, { doc: "Name." }),
    }),
    { doc: "Xen: domain that serves the disk." },
  ),
  geometry: child(Geometry, { doc: "Geometry the guest's BIOS sees." }),
  blockIo: child(BlockIo, { doc: "Block sizes the guest sees." }),
  mirror: child(Mirror, { doc: "Image that a running job copies the disk to.", show: "live" }),
  target: child(Target, { doc: "Where the guest sees the disk." }),
  iotune: child(IoTune, { doc: "Limits on throughput." }),
  readonly: flag({ doc: "The guest cannot write." }),
  shareable: flag({ doc: "Several domains may use the disk at once." }),
  transient: child(Transient, { doc: "Changes are dropped when the guest stops." }),
  serial: text(string, { doc: "Serial number." }),
  wwn: text(string, { doc: "World-wide name." }),
  vendor: text(string, { doc: "SCSI vendor." }),
  product: text(string, { doc: "SCSI product." }),
  encryption: child(Encryption, { doc: "Older place of the source's encryption." }),
  ...bootInfo,
});
export type Disk = Infer<typeof Disk>;
export type DiskBus = (typeof DISK_BUSES)[number];
