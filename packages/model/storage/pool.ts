/** A storage pool: where volumes are kept. */
import { element, type Infer } from "../schema/element.ts";
import { child, children, requiredAttr, scaledText, text } from "../schema/member.ts";
import { oneOf, string, yesNo } from "../schema/scalar.ts";
import { BYTES } from "../schema/unit.ts";
import { uuid } from "../uuid.ts";
import { permissions } from "./permissions.ts";
import { POOL_TYPES } from "./pool-kind.ts";
import { PoolSource } from "./pool-source.ts";

const FS = { prefix: "fs", uri: "http://libvirt.org/schemas/storagepool/fs/1.0" } as const;
const RBD = { prefix: "rbd", uri: "http://libvirt.org/schemas/storagepool/rbd/1.0" } as const;

const MountOptions = element(
  "mount_opts",
  "Options for mount, passed on unread.",
  {
    options: children(
      element(
        "option",
        "One option.",
        { name: requiredAttr(string, { doc: "The option." }) },
        { namespace: FS },
      ),
      { doc: "Options." },
    ),
  },
  { namespace: FS },
);
const RbdOptions = element(
  "config_opts",
  "Options for the Ceph client, passed on unread.",
  {
    options: children(
      element(
        "option",
        "One option.",
        {
          name: requiredAttr(string, { doc: "Name." }),
          value: requiredAttr(string, { doc: "Value." }),
        },
        { namespace: RBD },
      ),
      { doc: "Options." },
    ),
  },
  { namespace: RBD },
);

const Target = element("target", "Where the volumes appear on the host.", {
  path: text(string, { doc: "Absolute path." }),
  permissions,
});

const Refresh = element("refresh", "How volumes are looked at.", {
  volume: child(
    element("volume", "How volumes are looked at.", {
      allocation: requiredAttr(oneOf("default", "capacity"), {
        doc: "Take the capacity as the allocation, which is quicker.",
        invalid: "unknown storage pool volume refresh allocation type '%s'",
      }),
    }),
    { doc: "How volumes are looked at." },
  ),
});

const Features = element("features", "What the pool shall do.", {
  cow: child(
    element("cow", "Copy on write.", { state: requiredAttr(yesNo, { doc: "Whether." }) }),
    { doc: "Copy on write, on btrfs." },
  ),
});

const bytes = (name: string, doc: string) => scaledText({ unit: BYTES, name, doc });

export const StoragePool = element("pool", "A storage pool.", {
  type: requiredAttr(oneOf(...POOL_TYPES), {
    doc: "Kind of pool.",
  }),
  name: text(string, { doc: "Name, unique on the host." }),
  uuid: text(uuid, { doc: "UUID.", invalid: "malformed uuid element" }),
  capacity: bytes("capacity", "Bytes in all."),
  allocation: bytes("allocation", "Bytes taken."),
  available: bytes("available", "Bytes left."),
  features: child(Features, { doc: "What the pool shall do." }),
  source: child(PoolSource, { doc: "Where the storage comes from." }),
  target: child(Target, { doc: "Where the volumes appear." }),
  refresh: child(Refresh, { doc: "How volumes are looked at." }),
  mountOptions: child(MountOptions, { doc: "Options for mount.", name: "mount_opts" }),
  rbdOptions: child(RbdOptions, { doc: "Options for the Ceph client.", name: "config_opts" }),
});
/** As written. */
export type WrittenPool = Infer<typeof StoragePool>;
/** With everything in its place: see `parsePool`. */
export type StoragePool = WrittenPool & { readonly name: string; readonly uuid: string };
