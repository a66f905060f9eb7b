/** Where an image comes from: one `<source>` for each type of storage. Used by disks, backing stores and mirrors. */
import { element, type Infer } from "../../schema/element.ts";
import type { Element, Member } from "../../schema/declaration.ts";
import { attr, child, children, choice, content, requiredAttr } from "../../schema/member.ts";
import { hex, oneOf, string, uint, ulong, yesNo } from "../../schema/scalar.ts";
import { Auth, Encryption } from "./disk-auth.ts";
import { seclabels } from "./seclabel.ts";

export const STORAGE_TYPES = [
  "file",
  "block",
  "dir",
  "network",
  "volume",
  "nvme",
  "vhostuser",
] as const;

const Slices = element("slices", "Parts of the image that are used.", {
  slices: children(
    element("slice", "A part of the image.", {
      type: requiredAttr(oneOf("storage"), { doc: "What is cut: the storage below the format." }),
      offset: requiredAttr(ulong, { doc: "First byte." }),
      size: requiredAttr(ulong, { doc: "Number of bytes." }),
    }),
    { doc: "Parts." },
  ),
});

/** Also of `<source>` of vhost-user interfaces and character devices. */
export const Reconnect = element("reconnect", "Connect again when the peer goes away.", {
  enabled: attr(yesNo, { doc: "Whether to." }),
  timeout: attr(uint, { doc: "Seconds between attempts." }),
});

const Reservations = element("reservations", "SCSI persistent reservations of the guest.", {
  managed: attr(yesNo, { doc: "Whether the daemon runs the helper that makes them." }),
  source: child(
    element("source", "Helper run by somebody else.", {
      type: requiredAttr(oneOf("unix"), { doc: "Kind of socket." }),
      path: attr(string, { doc: "Path of the socket." }),
      mode: attr(oneOf("client"), { doc: "QEMU connects." }),
    }),
    { doc: "Helper run by somebody else." },
  ),
});

const startupPolicy = attr(oneOf("mandatory", "requisite", "optional"), {
  doc: "What happens when the source is missing at start.",
});
const index = attr(uint, { doc: "Number of the image in the chain.", show: "live", omit: 0 });
const tail = {
  slices: child(Slices, { doc: "Parts of the image that are used." }),
  seclabels,
  auth: child(Auth, { doc: "Credentials." }),
  encryption: child(Encryption, { doc: "Encryption of the image." }),
  reservations: child(Reservations, { doc: "SCSI persistent reservations." }),
};

const FileSource = element("source", "A file of the host.", {
  file: attr(string, { doc: "Absolute path." }),
  fdgroup: attr(string, { doc: "Name of a group of descriptors the client has passed." }),
  startupPolicy,
  index,
  ...tail,
});
const BlockSource = element("source", "A block device of the host.", {
  dev: attr(string, { doc: "Path of the device node." }),
  startupPolicy,
  index,
  ...tail,
});
const DirSource = element("source", "A directory of the host, shown as a FAT file system.", {
  dir: attr(string, { doc: "Absolute path." }),
  startupPolicy,
  index,
  ...tail,
});
const VolumeSource = element("source", "A volume of a storage pool.", {
  pool: attr(string, { doc: "Name of the pool." }),
  volume: attr(string, { doc: "Name of the volume." }),
  mode: attr(oneOf("host", "direct"), {
    doc: "iSCSI: through the host's device node, or QEMU connects itself.",
  }),
  startupPolicy,
  index,
  ...tail,
});

/** Also of iSCSI host devices. */
export const SourceHost = element("host", "A server.", {
  name: attr(string, { doc: "Host name or address." }),
  port: attr(string, { doc: "Port." }),
  transport: attr(oneOf("tcp", "unix", "rdma"), {
    invalid: "unknown protocol transport type '%s'",
    fault: "configUnsupported",
    doc: "Transport.",
    omit: "tcp",
  }),
  socket: attr(string, { doc: "Path of the socket, for `unix`." }),
});
/** Also of iSCSI host devices. */
export const Initiator = element("initiator", "Who we are to an iSCSI server.", {
  iqn: child(element("iqn", "Name.", { name: attr(string, { doc: "IQN." }) }), { doc: "Name." }),
});
const Cookies = element("cookies", "HTTP cookies.", {
  cookies: children(
    element("cookie", "A cookie.", {
      name: requiredAttr(string, { doc: "Name." }),
      value: content(string, { doc: "Value." }),
    }),
    { doc: "Cookies.", show: "secure" },
  ),
});
type Measured = Element<{ readonly value?: number }>;
/** An element with one number. */
const measured = (tag: string, name: string, doc: string): Member<Infer<Measured>, false> =>
  child(element(tag, doc, { value: attr(ulong, { name, doc, omit: 0 }) }), { doc });

export const NETWORK_PROTOCOLS = [
  "nbd",
  "rbd",
  "sheepdog",
  "gluster",
  "iscsi",
  "http",
  "https",
  "ftp",
  "ftps",
  "tftp",
  "ssh",
  "vxhs",
  "nfs",
] as const;

const NetworkSource = element("source", "An image on a server.", {
  protocol: requiredAttr(oneOf(...NETWORK_PROTOCOLS), {
    doc: "Storage protocol.",
  }),
  name: attr(string, { doc: "Export, volume or path." }),
  query: attr(string, { doc: "HTTP: query part of the URL." }),
  tls: attr(yesNo, { doc: "Encrypt the connection." }),
  tlsHostname: attr(string, { doc: "Host name expected in the server's certificate." }),
  startupPolicy,
  index,
  hosts: children(SourceHost, { doc: "Servers, tried in order." }),
  snapshot: child(
    element("snapshot", "Snapshot of the image.", { name: attr(string, { doc: "Name." }) }),
    { doc: "Snapshot of the image." },
  ),
  config: child(
    element("config", "Configuration of the client library.", {
      file: attr(string, { doc: "Path." }),
    }),
    { doc: "Configuration of the client library." },
  ),
  initiator: child(Initiator, { doc: "iSCSI initiator." }),
  ssl: child(
    element("ssl", "Certificates.", { verify: attr(yesNo, { doc: "Verify the server's." }) }),
    { doc: "Certificates." },
  ),
  cookies: child(Cookies, { doc: "HTTP cookies." }),
  readahead: measured("readahead", "size", "Bytes read ahead."),
  timeout: measured("timeout", "seconds", "Seconds to wait for the server."),
  identity: child(
    element("identity", "Who reads and writes on an NFS server.", {
      user: attr(string, { doc: "User name, or `+` and a number." }),
      group: attr(string, { doc: "Group name, or `+` and a number." }),
    }),
    { doc: "NFS user and group." },
  ),
  reconnect: child(
    element("reconnect", "Connect again when the server goes away.", {
      delay: attr(uint, { doc: "Seconds to try for." }),
    }),
    { doc: "NBD: connect again." },
  ),
  ...tail,
});

/** A PCI device of the host, in sources: the address without its `type`. */
export const HostPciAddress = element("address", "PCI device of the host.", {
  domain: attr(hex(4), { doc: "PCI domain.", default: 0 }),
  bus: requiredAttr(hex(2), { doc: "Bus." }),
  slot: requiredAttr(hex(2), { doc: "Slot." }),
  function: requiredAttr(hex(1), { doc: "Function." }),
});
const NvmeSource = element("source", "A namespace of an NVMe controller that QEMU drives itself.", {
  type: requiredAttr(oneOf("pci"), { doc: "How the controller is named." }),
  managed: attr(yesNo, { doc: "Detach the controller from its host driver at start." }),
  namespace: requiredAttr(ulong, { doc: "Namespace, from 1." }),
  startupPolicy,
  index,
  address: child(HostPciAddress, { doc: "The controller." }),
  ...tail,
});
const VhostUserSource = element("source", "A vhost-user process.", {
  type: requiredAttr(oneOf("unix"), { doc: "Kind of socket." }),
  path: attr(string, { doc: "Path of the socket." }),
  startupPolicy,
  index,
  reconnect: child(Reconnect, { doc: "Connect again when the process goes away." }),
  ...tail,
});

const doc = "Where the image is; none in an empty drive.";
/** `<source>` picked by `type`, a discriminant over `STORAGE_TYPES`. */
export const storageSource = choice({
  file: child(FileSource, { doc }),
  block: child(BlockSource, { doc }),
  dir: child(DirSource, { doc }),
  network: child(NetworkSource, { doc }),
  volume: child(VolumeSource, { doc }),
  nvme: child(NvmeSource, { doc }),
  vhostuser: child(VhostUserSource, { doc }),
});
export type NetworkSource = Infer<typeof NetworkSource>;
