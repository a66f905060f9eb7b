/** Structs that several procedures of program "remote" share. A UUID is text here, 16 bytes on the wire. */
import { optional, struct, union } from "../../xdr/composite.ts";
import { double, hyper, int32, uhyper, uint32 } from "../../xdr/scalar.ts";
import { array, chars, opaque, string, uuid } from "../../xdr/sequence.ts";
import { LIMIT } from "./limit.ts";

/** Text, at most 4 MiB. */
export const text = string(LIMIT.string);
/** Text that may be missing. */
export const maybeText = optional(text);

/** Value of a typed parameter, by type: int, uint, llong, ullong, double, boolean, string. */
export const typedParamValue = union({
  1: int32,
  2: uint32,
  3: hyper,
  4: uhyper,
  5: double,
  6: int32,
  7: text,
});

/** A domain; the daemon looks only at the uuid. `id` is -1 when it is inactive. */
export const domain = struct({ name: text, uuid, id: int32 }, "domain");
/** Domain or null. */
export const maybeDomain = optional(domain);
/** Network reference. */
export const network = struct({ name: text, uuid }, "network");
/** Network or null. */
export const maybeNetwork = optional(network);
/** Network port reference. */
export const networkPort = struct({ net: network, uuid }, "networkPort");
/** Network port or null. */
export const maybeNetworkPort = optional(networkPort);
/** Nwfilter reference. */
export const nwfilter = struct({ name: text, uuid }, "nwfilter");
/** Nwfilter or null. */
export const maybeNwfilter = optional(nwfilter);
/** Nwfilter binding reference. */
export const nwfilterBinding = struct({ portdev: text, filtername: text }, "nwfilterBinding");
/** Nwfilter binding or null. */
export const maybeNwfilterBinding = optional(nwfilterBinding);
/** Interface reference. */
export const hostInterface = struct({ name: text, mac: text }, "hostInterface");
/** Storage pool reference. */
export const storagePool = struct({ name: text, uuid }, "storagePool");
/** Storage pool or null. */
export const maybeStoragePool = optional(storagePool);
/** A storage volume; the daemon looks at pool and name, not at the key. */
export const storageVol = struct({ pool: text, name: text, key: text }, "storageVol");
/** Storage vol or null. */
export const maybeStorageVol = optional(storageVol);
/** Node device reference. */
export const nodeDevice = struct({ name: text }, "nodeDevice");
/** Node device or null. */
export const maybeNodeDevice = optional(nodeDevice);
/** Secret reference. */
export const secret = struct({ uuid, usageType: int32, usageID: text }, "secret");
/** Secret or null. */
export const maybeSecret = optional(secret);
/** Domain checkpoint reference. */
export const domainCheckpoint = struct({ name: text, dom: domain }, "domainCheckpoint");
/** Domain snapshot reference. */
export const domainSnapshot = struct({ name: text, dom: domain }, "domainSnapshot");
/** What went wrong, in the reply of a failed call. */
export const remoteError = struct(
  {
    code: int32,
    domain: int32,
    message: maybeText,
    level: int32,
    dom: maybeDomain,
    str1: maybeText,
    str2: maybeText,
    str3: maybeText,
    int1: int32,
    int2: int32,
    net: maybeNetwork,
  },
  "remoteError",
);
/** Vcpu info. */
export const vcpuInfo = struct(
  { number: uint32, state: int32, cpu_time: uhyper, cpu: int32 },
  "vcpuInfo",
);
/** Typed param. */
export const typedParam = struct({ field: text, value: typedParamValue }, "typedParam");
/** Node get cpu stats. */
export const nodeGetCpuStats = struct({ field: text, value: uhyper }, "nodeGetCpuStats");
/** Node get memory stats. */
export const nodeGetMemoryStats = struct({ field: text, value: uhyper }, "nodeGetMemoryStats");
/** Domain disk error. */
export const domainDiskError = struct({ disk: text, error: int32 }, "domainDiskError");
/** Domain memory stat. */
export const domainMemoryStat = struct({ tag: int32, val: uhyper }, "domainMemoryStat");
/** Domain iothread info. */
export const domainIothreadInfo = struct(
  { iothread_id: uint32, cpumap: opaque(LIMIT.cpumap) },
  "domainIothreadInfo",
);
/** Domain event graphics address. */
export const domainEventGraphicsAddress = struct(
  { family: int32, node: text, service: text },
  "domainEventGraphicsAddress",
);
/** Domain event graphics identity. */
export const domainEventGraphicsIdentity = struct(
  { type: text, name: text },
  "domainEventGraphicsIdentity",
);
/** Network dhcp lease. */
export const networkDhcpLease = struct(
  {
    iface: text,
    expirytime: hyper,
    type: int32,
    mac: maybeText,
    iaid: maybeText,
    ipaddr: text,
    prefix: uint32,
    hostname: maybeText,
    clientid: maybeText,
  },
  "networkDhcpLease",
);
/** Domain stats record. */
export const domainStatsRecord = struct(
  { dom: domain, params: array(typedParam, LIMIT.connectGetAllDomainStats) },
  "domainStatsRecord",
);
/** Domain fsinfo. */
export const domainFsinfo = struct(
  { mountpoint: text, name: text, fstype: text, dev_aliases: array(text, LIMIT.domainFsinfoDisks) },
  "domainFsinfo",
);
/** Domain ip addr. */
export const domainIpAddr = struct({ type: int32, addr: text, prefix: uint32 }, "domainIpAddr");
/** Domain interface. */
export const domainInterface = struct(
  { name: text, hwaddr: maybeText, addrs: array(domainIpAddr, LIMIT.domainIpAddr) },
  "domainInterface",
);
/** Domain get security label ret. */
export const securityLabel = struct(
  { label: chars(LIMIT.securityLabel), enforcing: int32 },
  "securityLabel",
);
