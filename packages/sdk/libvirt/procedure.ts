/** Types of calls and references, for those who must not know the wire. */
import type { ClientStream } from "@vireo/rpc/client-stream";
import type { RemoteArgs, RemoteCallName, RemoteRet } from "@vireo/rpc/program/remote";

export type { RemoteArgs, RemoteCallName, RemoteRet };

/** Bytes both ways beside a call: console, channel, upload, download, screenshot. */
export type LibvirtStream = ClientStream;

/** How procedures refer to a domain; `id` is -1 while it does not run. */
export type DomainReference = RemoteRet<"domainLookupByName">["dom"];
/** How procedures refer to a network. */
export type NetworkReference = RemoteRet<"networkLookupByName">["net"];
/** How procedures refer to a storage pool. */
export type StoragePoolReference = RemoteRet<"storagePoolLookupByName">["pool"];
/** How procedures refer to a storage volume. */
export type StorageVolReference = RemoteRet<"storageVolLookupByName">["vol"];
/** How procedures refer to a network filter. */
export type NwfilterReference = RemoteRet<"nwfilterLookupByName">["nwfilter"];
/** How procedures refer to a secret. */
export type SecretReference = RemoteRet<"secretLookupByUuid">["secret"];
/** How procedures refer to a device of the host. */
export type NodeDeviceReference = RemoteRet<"nodeDeviceLookupByName">["dev"];
/** How procedures refer to an interface of the host. */
export type InterfaceReference = RemoteRet<"interfaceLookupByName">["iface"];
/** A parameter with its type, as lists of parameters carry it. */
export type TypedParameter =
  RemoteRet<"connectGetAllDomainStats">["retStats"][number]["params"][number];
