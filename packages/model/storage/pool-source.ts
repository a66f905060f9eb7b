/** Where a pool's storage comes from. */
import { Auth } from "../domain/device/disk-auth.ts";
import { HostPciAddress, Initiator } from "../domain/device/disk-source.ts";
import { element, type Infer } from "../schema/element.ts";
import { attr, child, children, requiredAttr, text } from "../schema/member.ts";
import { oneOf, string, uint, ulong, yesNo } from "../schema/scalar.ts";

const Host = element("host", "A server.", {
  name: requiredAttr(string, {
    doc: "Name or address.",
    missing: "missing storage pool source host name",
  }),
  port: attr(uint, { doc: "Port.", omit: 0, invalid: "Invalid port number: %s" }),
});

const FreeExtent = element("freeExtent", "Room for another partition.", {
  start: requiredAttr(ulong, { doc: "First byte." }),
  end: requiredAttr(ulong, { doc: "Last byte." }),
});
const Device = element("device", "A block device, or the name of an iSCSI target.", {
  path: requiredAttr(string, { doc: "Path.", missing: "missing storage pool source device path" }),
  partSeparator: attr(yesNo, {
    name: "part_separator",
    doc: "Whether a `p` stands between device and partition number.",
  }),
  freeExtents: children(FreeExtent, { doc: "Room for more partitions." }),
});

const ParentAddress = element("parentaddr", "The adapter, by the PCI device it is on.", {
  uniqueId: attr(uint, { name: "unique_id", doc: "Number of the adapter on its device." }),
  address: child(HostPciAddress, { doc: "The PCI device." }),
});
const Adapter = element("adapter", "A SCSI host adapter.", {
  type: attr(oneOf("scsi_host", "fc_host"), { doc: "Kind of adapter." }),
  name: attr(string, { doc: "Name, such as `host0`." }),
  parent: attr(string, { doc: "Adapter on which a virtual one is made." }),
  managed: attr(yesNo, { doc: "Whether the virtual one goes with the pool." }),
  parentWwnn: attr(string, { name: "parent_wwnn", doc: "World-wide node name of the parent." }),
  parentWwpn: attr(string, { name: "parent_wwpn", doc: "World-wide port name of the parent." }),
  parentFabricWwn: attr(string, { name: "parent_fabric_wwn", doc: "Fabric of the parent." }),
  wwnn: attr(string, { doc: "World-wide node name." }),
  wwpn: attr(string, { doc: "World-wide port name." }),
  parentAddress: child(ParentAddress, { doc: "The adapter, by its PCI device." }),
});

const PoolAuth = element("auth", "Credentials for the server.", {
  type: requiredAttr(oneOf("chap", "ceph"), {
    doc: "How to log in.",
    missing: "missing auth type attribute",
    invalid: "unknown auth type '%s'",
  }),
  ...Auth.members,
});

const named = (tag: string, doc: string) =>
  child(element(tag, doc, { name: requiredAttr(string, { doc: "Name." }) }), { doc });

export const PoolSource = element(
  "source",
  "Where the storage comes from.",
  {
    hosts: children(Host, { doc: "Servers." }),
    devices: children(Device, { doc: "Block devices." }),
    dir: child(
      element("dir", "A directory of the server.", {
        path: requiredAttr(string, { doc: "Path." }),
      }),
      { doc: "A directory of the server." },
    ),
    adapter: child(Adapter, { doc: "A SCSI host adapter." }),
    name: text(string, { doc: "Volume group, Ceph pool, Gluster volume." }),
    initiator: child(Initiator, { doc: "Who we are to an iSCSI server." }),
    format: child(
      element("format", "Format of the storage.", { type: attr(string, { doc: "Format." }) }),
      { doc: "Format of the storage." },
    ),
    protocol: child(
      element("protocol", "Version of the NFS protocol.", {
        ver: requiredAttr(string, { doc: "Version." }),
      }),
      { doc: "Version of the NFS protocol." },
    ),
    auth: child(PoolAuth, { doc: "Credentials." }),
    vendor: named("vendor", "Vendor of the storage."),
    product: named("product", "Product."),
  },
  { empty: "open" },
);
export type PoolSource = Infer<typeof PoolSource>;
