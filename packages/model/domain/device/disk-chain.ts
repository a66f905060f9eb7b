/** Images below and beside a disk's own: backing stores and mirrors. */
import { element, type Infer, lazy } from "../../schema/element.ts";
import type { Element } from "../../schema/declaration.ts";
import { attr, child, choice, discriminant, scaledText } from "../../schema/member.ts";
import { oneOf, string, uint } from "../../schema/scalar.ts";
import { BYTES } from "../../schema/unit.ts";
import { STORAGE_TYPES, storageSource } from "./disk-source.ts";

export const IMAGE_FORMATS = [
  "raw",
  "dir",
  "bochs",
  "cloop",
  "dmg",
  "iso",
  "vpc",
  "vdi",
  "fat",
  "vhd",
  "ploop",
  "luks",
  "cow",
  "qcow",
  "qcow2",
  "qed",
  "vmdk",
  "aio",
] as const;

/** Also of `<driver>`. */
export const MetadataCache = element("metadata_cache", "Cache of the image's tables.", {
  maxSizeBytes: scaledText({ name: "max_size", unit: BYTES, doc: "Upper bound." }),
});
const Format = element("format", "Format of the image.", {
  type: attr(oneOf(...IMAGE_FORMATS), { doc: "Format." }),
  metadataCache: child(MetadataCache, { doc: "Cache of the image's tables." }),
});

const link = {
  /** `none`: there is nothing below; without the element the image itself is asked. */
  type: discriminant(["none", ...STORAGE_TYPES], {
    doc: "Kind of storage; an element without it ends the chain.",
    default: "none",
    omit: "none",
  }),
  index: attr(uint, { doc: "Number of the image in the chain.", show: "live", omit: 0 }),
  format: child(Format, { doc: "Format of the image." }),
  source: storageSource,
};
const BackingLink = element("backingStore", "", link);
export type BackingStore = Infer<typeof BackingLink> & { readonly backingStore?: BackingStore };

/** The image a copy-on-write image falls back to, and so on down. */
export const BackingStore: Element<BackingStore> = element(
  "backingStore",
  "Image that this one falls back to.",
  {
    ...link,
    backingStore: child(
      lazy((): Element<BackingStore> => BackingStore),
      { doc: "The next image down." },
    ),
  },
  { empty: true },
);

/** Output only: a block job is copying the disk there. */
export const Mirror = element("mirror", "Image that a running job copies the disk to.", {
  type: discriminant(STORAGE_TYPES, { doc: "Kind of storage.", default: "file" }),
  file: choice({ file: attr(string, { doc: "Older place of the path." }) }),
  formatName: choice({
    file: attr(oneOf(...IMAGE_FORMATS), { name: "format", doc: "Older place of the format." }),
  }),
  job: attr(oneOf("copy", "active-commit"), { doc: "Kind of job." }),
  ready: attr(oneOf("yes", "abort", "pivot"), { doc: "The copy has caught up." }),
  format: child(Format, { doc: "Format of the image." }),
  source: storageSource,
  backingStore: child(BackingStore, { doc: "Image that the copy falls back to." }),
});
export type Mirror = Infer<typeof Mirror>;
