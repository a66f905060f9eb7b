/** `<domainsnapshot>`: a moment of a domain that one can go back to. */
import { STORAGE_TYPES, storageSource } from "../domain/device/disk-source.ts";
import { IMAGE_FORMATS, MetadataCache } from "../domain/device/disk-chain.ts";
import { Domain } from "../domain/domain.ts";
import { DOMAIN_STATES } from "../operation/domain-value.ts";
import { element, type Infer } from "../schema/element.ts";
import {
  attr,
  child,
  children,
  choice,
  discriminant,
  raw,
  requiredAttr,
  text,
} from "../schema/member.ts";
import { int, oneOf, string, ulong } from "../schema/scalar.ts";
import { uuid } from "../uuid.ts";

export const SNAPSHOT_MODES = ["no", "internal", "external", "manual"] as const;
export type SnapshotMode = (typeof SNAPSHOT_MODES)[number];
/** What ran when the snapshot was made; `disk-snapshot` when only the disks were taken. */
export const SNAPSHOT_STATES = [...DOMAIN_STATES, "disk-snapshot"] as const;

const Driver = element("driver", "How the new image is served.", {
  type: attr(oneOf(...IMAGE_FORMATS), {
    invalid: "unknown disk snapshot driver '%s'",
    doc: "Format of the new image.",
  }),
  metadataCache: child(MetadataCache, { doc: "Cache of the image's tables." }),
});

export const SnapshotDisk = element(
  "disk",
  "What the snapshot does with a disk.",
  {
    name: requiredAttr(string, {
      missing: "missing name from disk snapshot element",
      doc: "Target or path of the disk.",
    }),
    snapshot: attr(oneOf(...SNAPSHOT_MODES), {
      invalid: "Invalid value for attribute 'snapshot' in element 'disk': '%s'.",
      doc: "Where the snapshot of the disk is.",
    }),
    /** Only an external snapshot has a place of its own. */
    type: discriminant(["unset", ...STORAGE_TYPES], {
      invalid: "unknown disk snapshot type '%s'",
      doc: "Kind of storage of the new image.",
      default: "unset",
      omit: "unset",
    }),
    driver: child(Driver, { doc: "How the new image is served." }),
    source: choice({ ...storageSource.cases, unset: storageSource.cases.file }),
  },
  { empty: true },
);
export type SnapshotDisk = Infer<typeof SnapshotDisk>;

const Memory = element("memory", "Where the guest's memory is kept.", {
  snapshot: attr(oneOf("no", "internal", "external"), {
    invalid: "unknown memory snapshot setting '%s'",
    doc: "Where; `no` when it is not kept.",
  }),
  file: attr(string, { doc: "File of an external one." }),
});

const head = {
  name: text(string, { doc: "Name, unique in the domain." }),
  description: text(string, { doc: "Description." }),
  state: text(oneOf(...SNAPSHOT_STATES), {
    invalid: "Invalid state '%s' in domain snapshot XML",
    doc: "What ran when it was made.",
  }),
  parent: child(
    element("parent", "The snapshot before.", { name: text(string, { doc: "Name." }) }),
    {
      doc: "The snapshot before.",
    },
  ),
  creationTime: text(ulong, { doc: "Seconds since 1970." }),
  memory: child(Memory, { doc: "Where the guest's memory is kept." }),
  disks: child(
    element("disks", "What it does with the disks.", {
      disks: children(SnapshotDisk, { doc: "A disk." }),
    }),
    { doc: "What it does with the disks." },
  ),
};
const tail = {
  active: text(int, { doc: "Whether it was the current one; only in files of old." }),
  cookie: raw({ doc: "What another hypervisor's driver keeps for itself." }),
};

/** As it is known: with the whole configuration of the domain at that moment. */
export const WholeSnapshot = element("domainsnapshot", "A moment of a domain.", {
  ...head,
  domain: child(Domain, { doc: "The domain as it was." }),
  inactiveDomain: child(Domain, {
    name: "inactiveDomain",
    doc: "Its persistent definition, where another one ran.",
  }),
  ...tail,
});
/** As it is asked for, and as very old ones are kept. */
export const BareSnapshot = element("domainsnapshot", "A moment of a domain.", {
  ...head,
  domain: child(
    element("domain", "Which domain.", { uuid: text(uuid, { doc: "UUID of the domain." }) }),
    { doc: "Which domain." },
  ),
  ...tail,
});
export type WholeSnapshot = Infer<typeof WholeSnapshot>;
export type BareSnapshot = Infer<typeof BareSnapshot>;
