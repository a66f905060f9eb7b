/** A storage volume: what a pool holds. */
import { Encryption } from "../domain/device/disk-auth.ts";
import { element, type Infer } from "../schema/element.ts";
import { attr, child, children, flag, requiredAttr, scaledText, text } from "../schema/member.ts";
import { oneOf, string, stringWhere, ulong } from "../schema/scalar.ts";
import { BYTES, type Unit } from "../schema/unit.ts";
import { permissions } from "./permissions.ts";

export const VOLUME_TYPES = ["file", "block", "dir", "network", "netdir", "ploop"] as const;
export type VolumeType = (typeof VOLUME_TYPES)[number];

const BYTE: Unit = { name: "B", bytes: 1 };
const compat = stringWhere("a version", (raw) => (/^[0-9]+\.[0-9]+$/.test(raw) ? raw : undefined));
const format = child(
  element("format", "Format of the contents.", { type: attr(string, { doc: "Format." }) }),
  { doc: "Format of the contents." },
);

const Timestamps = element("timestamps", "When the volume was used last.", {
  atime: text(string, { doc: "Read, in seconds since 1970." }),
  mtime: text(string, { doc: "Contents written." }),
  ctime: text(string, { doc: "Anything changed." }),
  btime: text(string, { doc: "Created." }),
});

const Target = element("target", "The volume on the host.", {
  path: text(string, { doc: "Path." }),
  format,
  permissions,
  timestamps: child(Timestamps, { doc: "When it was used last.", show: "live" }),
  encryption: child(Encryption, { doc: "How the volume is encrypted." }),
  compat: text(compat, {
    doc: "qcow2: oldest version that can read it.",
    invalid: "forbidden characters in 'compat' attribute",
  }),
  nocow: flag({ doc: "No copy on write, on btrfs.", omit: true }),
  clusterSize: scaledText({ unit: BYTE, doc: "qcow2: bytes in a cluster." }),
  features: child(
    element(
      "features",
      "qcow2: features.",
      {
        lazyRefcounts: flag({ name: "lazy_refcounts", doc: "Reference counts written late." }),
        extendedL2: flag({ name: "extended_l2", doc: "Subclusters." }),
      },
      { empty: true },
    ),
    { doc: "qcow2: features." },
  ),
});

const Backing = element("backingStore", "What the volume is a layer upon.", {
  path: text(string, { doc: "Path." }),
  format,
  permissions,
  timestamps: child(Timestamps, { doc: "When it was used last.", show: "live" }),
});

const Extents = element("source", "Where on the pool's devices the volume lies.", {
  devices: children(
    element("device", "A device.", {
      path: requiredAttr(string, { doc: "Path." }),
      extents: children(
        element("extent", "A part of the device.", {
          start: requiredAttr(ulong, { doc: "First byte." }),
          end: requiredAttr(ulong, { doc: "Byte after the last." }),
        }),
        { doc: "Parts." },
      ),
    }),
    { doc: "Devices." },
  ),
});

const size = (doc: string, invalid?: string) =>
  scaledText({ unit: BYTES, doc, ...(invalid === undefined ? {} : { invalid }) });

export const StorageVolume = element("volume", "A storage volume.", {
  type: attr(oneOf(...VOLUME_TYPES), { doc: "Kind of volume.", default: "file" }),
  name: text(string, { doc: "Name, unique in the pool." }),
  key: text(string, { doc: "Name, unique on the host." }),
  source: child(Extents, { doc: "Where it lies.", show: "live" }),
  capacity: size("Bytes the guest sees.", "malformed capacity element"),
  allocation: size("Bytes taken from the pool.", "malformed allocation element"),
  physical: scaledText({ unit: BYTES, doc: "Bytes of the file.", show: "live" }),
  target: child(Target, { doc: "The volume on the host." }),
  backingStore: child(Backing, { doc: "What it is a layer upon." }),
});
/** As written. */
export type WrittenVolume = Infer<typeof StorageVolume>;
/** With everything in its place: see `parseVolume`. */
export type StorageVolume = WrittenVolume & {
  readonly name: string;
  readonly type: VolumeType;
  readonly capacity: number;
  readonly allocation: number;
};
