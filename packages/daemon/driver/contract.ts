/**
 * What a driver is: handlers by operation, grouped by noun. A handler that is missing means that
 * the driver cannot do it; the api says so in libvirt's words.
 */
import type { Duplex, Writable } from "node:stream";
import type { ErrorDomainNumber } from "@vireo/model/error";
import type { Hostdev } from "@vireo/model/domain/device/hostdev";
import type { DomainEvent, MonitorEvent } from "@vireo/model/event";
import type { AllocatedPort } from "@vireo/model/network/allocate-port";
import type { NetworkPort } from "@vireo/model/network/network-port";
import type { NwFilterBinding } from "@vireo/model/nwfilter/nwfilter";
import type { NetworkEvent } from "@vireo/model/network-event";
import type { NodeDeviceEvent } from "@vireo/model/node/node-device-event";
import type { PathStep } from "@vireo/model/operation/domain-insight";
import type { NetworkLease } from "@vireo/model/operation/network";
import type { SecretRef } from "@vireo/model/operation/secret";
import type { VolumeRef } from "@vireo/model/operation/storage-value";
import type { SecretEvent, StoragePoolEvent } from "@vireo/model/storage-event";
import type {
  Noun,
  OperationInput,
  OperationOutput,
  StreamWay,
  Verb,
} from "@vireo/model/operation/operations";
import type { VolumeFacts } from "@vireo/qemu/block/volume-disk";
import type { EventBus } from "../event/event-bus.ts";
import type { ByteSource } from "../host/byte-source.ts";

/** Who asks, as far as the door could prove it. */
export interface Caller {
  /** For the audit line: a user name, a token's name or `uid:N`. */
  readonly name: string;
  readonly uid?: number | undefined;
  readonly pid?: number | undefined;
  readonly readOnly: boolean;
  /** Rights that the caller is limited to; see `inScope`. */
  readonly scopes?: readonly string[] | undefined;
  readonly door: "rpc" | "http" | "daemon";
}

/** How far some work is; `total` is 0 while nobody knows. Of one work always in the same unit. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface Call {
  readonly caller: Caller;
  /** What the connection was opened with, in full. */
  readonly uri: string;
  /** Runs `then` once when the asking connection ends; for `autodestroy` and stolen consoles. */
  readonly onDisconnect: (then: () => void) => void;
  /** Aborted when the work is to end before its time; heard by operations whose job is `own`. */
  readonly signal?: AbortSignal | undefined;
  /** Takes how far such work is. */
  readonly progress?: ((progress: Progress) => void) | undefined;
}

/** Somebody who wants to know how far some work is, and may end it. */
export type Followed = Pick<Call, "signal" | "progress">;

/** The bytes of a streaming operation, by which way they flow for the client. */
export interface AnswerStreams {
  readonly read: ByteSource;
  /** A piece is taken when its callback is called; then its memory is the writer's again. */
  readonly write: Writable;
  readonly both: Duplex;
}

/** What a handler answers: the declared output, or the stream of a streaming operation. */
export type Answer<N extends Noun, V extends Verb<N>> =
  StreamWay<N, V> extends keyof AnswerStreams
    ? AnswerStreams[StreamWay<N, V>]
    : OperationOutput<N, V>;

export type Handler<N extends Noun, V extends Verb<N>> = (
  input: OperationInput<N, V>,
  call: Call,
) => Answer<N, V> | Promise<Answer<N, V>>;

export type Role<N extends Noun> = { readonly [V in Verb<N>]?: Handler<N, V> };

/** What a driver can do, by noun. */
export type Roles = { readonly [N in Noun]?: Role<N> };

type FilterReference = NonNullable<NwFilterBinding["filterRef"]>;

/** What drivers may ask of secrets; private ones too, for they never leave the daemon. */
export interface Secrets {
  /** @throws VireoError `noSecret`, also when it has no value */
  readonly value: (ref: SecretRef) => Buffer;
}

/** What drivers may ask of storage. */
export interface Volumes {
  /**
   * What a disk needs to know of a volume, as last seen.
   * @throws VireoError `noStoragePool`, `noStorageVol`
   */
  readonly facts: (pool: string, volume: string) => VolumeFacts;
}

/** A volume as a domain's disk needs it. */
export interface DomainVolume {
  readonly pool: string;
  readonly name: string;
  readonly path: string;
  /** As a disk's driver has to be told. */
  readonly format: string;
  /** Bytes that the guest sees. */
  readonly capacity: number;
}

/** Which volume of which pool, by name. */
type PlacedVolume = Pick<DomainVolume, "pool" | "name">;

/** What the storage driver does where domains are made together with their volumes. All throw VireoError. */
export interface VolumeWork {
  /** The volume that lies there: `noStorageVol` when no active pool has one. */
  readonly at: (path: string) => DomainVolume;
  /** `noStoragePool`, `noStorageVol`. */
  readonly find: (volume: PlacedVolume) => DomainVolume;
  /** Makes a volume, or a copy; nothing of it is left when that fails. */
  readonly make: (wish: {
    readonly pool: string;
    readonly xml: string;
    readonly from?: VolumeRef | undefined;
    readonly followed?: Followed | undefined;
  }) => Promise<DomainVolume>;
  /** Writes a few bytes at its beginning. */
  readonly fill: (volume: PlacedVolume, bytes: Buffer) => Promise<void>;
  readonly remove: (volume: PlacedVolume) => Promise<void>;
}

export type Bandwidth = NonNullable<NetworkPort["bandwidth"]>;

/** Limits of one of the host's links. */
export interface LinkLimit {
  readonly dev: string;
  /** In and out as the guest sees them. */
  readonly bandwidth: Bandwidth;
  /** The link is the guest's own end, not the host's: what it sends is what the guest sends. */
  readonly own?: boolean;
  /** Leaves room for shares that are guaranteed to guests. */
  readonly shared?: boolean;
}

/** What guests run with, as far as networks are concerned. */
export interface Running {
  /** UUIDs of all domains, whether or not they run. */
  readonly owners: ReadonlySet<string>;
  /** UUIDs of the ports that running ones have. */
  readonly ports: ReadonlySet<string>;
  readonly limits: readonly LinkLimit[];
}

/** One who reads an image, and all below it. */
export interface ImageReader {
  readonly kind: "defined" | "running" | "snapshot";
  /** In words, for an error. */
  readonly who: string;
  readonly domain: string;
  /** The image it reads, and all below, top first. */
  readonly chain: readonly { readonly path: string; readonly format: string }[];
}

export interface OpenImage {
  /** In words, for an error. */
  readonly who: string;
  readonly path: string;
  /** Of a domain without a definition, and not below another image of it. */
  readonly passing: boolean;
}

/** What drivers may ask about the images of domains. */
export interface ImageReaders {
  /** Everybody; looks at the images themselves. */
  readonly all: () => Promise<readonly ImageReader[]>;
  /** What running domains have open, from what is known already. */
  readonly open: () => readonly OpenImage[];
}

/** What drivers may ask of virtual networks. */
export interface Networks {
  /**
   * Takes a place in an active network, and tells the size of its packets.
   * @throws VireoError `noNetwork`, `operationInvalid`, `configUnsupported` and more: see `allocatePort`
   */
  readonly allocate: (
    network: string,
    wish: NetworkPort,
  ) => Promise<{ readonly port: AllocatedPort; readonly mtu?: number }>;
  /** Whether guests get a device of the host from it: a pool of virtual functions. */
  readonly givesDevices: (network: string) => boolean;
  /** Addresses that an active network gave to the interface with this MAC address; none otherwise. */
  readonly leases: (network: string, mac: string) => Promise<readonly NetworkLease[]>;
  /** What becomes of the packets of the interface with this MAC address. @throws VireoError `noNetwork` */
  readonly path: (network: string, mac: string) => Promise<readonly PathStep[]>;
  /** Gives a place back; one that is gone already is no error. */
  readonly release: (network: string, port: string) => Promise<void>;
  /** Other limits for a place. @throws VireoError `noNetworkPort`, `operationInvalid` */
  readonly retune: (network: string, port: string, bandwidth: Bandwidth) => Promise<void>;
  /** Limits a link, instead of how it was limited. @throws VireoError */
  readonly limit: (limit: LinkLimit) => Promise<void>;
  readonly unlimit: (dev: string) => Promise<void>;
  /** Tells what runs after the daemon was away: what nobody has any more is given back. */
  readonly settle: (running: Running) => Promise<void>;
}

/** Which guest a device is for. */
export interface DeviceOwner {
  readonly name: string;
  readonly uuid: string;
}

/** A place in a virtual network that goes with a device. */
export interface NetworkPlace {
  readonly network: string;
  /** UUID of the port. */
  readonly id: string;
}

/** A device of the host that a guest is to have. */
export interface WantedDevice {
  /** The guest's name for it. */
  readonly alias: string;
  readonly hostdev: Hostdev;
  /** Of a network card (SR-IOV): what its function is told before the guest has it. */
  readonly card?: { readonly mac?: string | undefined; readonly vlan?: number | undefined };
  readonly port?: NetworkPlace | undefined;
}

export interface DeviceNode {
  readonly alias: string;
  readonly path: string;
}

export interface DeviceVerdict {
  /** The guest has it already. */
  readonly held: boolean;
  readonly objections: readonly string[];
}

/** What drivers may ask of the host's devices. */
export interface HostDevices {
  /**
   * Takes all of them for a guest, or none: from their drivers of the host, and from everybody else.
   * @returns each as it is on the host now
   * @throws VireoError `operationInvalid` when somebody has one, and whatever else speaks against it
   */
  readonly take: (
    owner: DeviceOwner,
    wanted: readonly WantedDevice[],
  ) => Promise<readonly Hostdev[]>;
  /**
   * Gives a guest's devices back to the host, all or that with one name; what cannot be given back is told in the log.
   * @returns the places in networks that go with them
   */
  readonly giveBack: (uuid: string, alias?: string) => Promise<readonly NetworkPlace[]>;
  /** What QEMU opens of the devices that a guest has, by the guest's names: nodes of /dev. */
  readonly nodes: (uuid: string) => Promise<readonly DeviceNode[]>;
  /** What speaks against each of them, whether or not the guest has it; nothing is done. */
  readonly explain: (
    owner: DeviceOwner,
    wanted: readonly WantedDevice[],
  ) => Promise<readonly DeviceVerdict[]>;
  /** Gives back what guests have that run no more. */
  readonly settle: (running: ReadonlySet<string>) => Promise<readonly NetworkPlace[]>;
  /** Places in networks of all devices that guests have. */
  readonly places: () => readonly NetworkPlace[];
}

/** The firewall of the host that has our rules. */
export type FirewallBackend = "nftables" | "iptables";

export interface DroppedPackets {
  /** Chain and rule, in the firewall's words. */
  readonly rule: string;
  readonly packets: number;
}

/** A guest's card, and its filter. */
export interface FilteredCard {
  readonly dev: string;
  readonly mac: string;
  readonly owner: { readonly name: string; readonly uuid: string };
  readonly filterRef: FilterReference;
}

/** What drivers may ask of packet filters. */
export interface PacketFilters {
  /** What the filter of an interface dropped, rule by rule; empty when it dropped nothing. */
  readonly dropped: (dev: string) => Promise<readonly DroppedPackets[]>;
  /**
   * Puts a guest's filter in force on its interface, instead of what was there.
   * @throws VireoError when there is no such filter or it cannot be had
   */
  readonly bind: (wanted: FilteredCard) => Promise<void>;
  /** At the start: guests that run get back the filters they should have, unless somebody gave them others by hand. */
  readonly settle: (cards: readonly FilteredCard[]) => Promise<void>;
  /** Takes it off again, if it still is that guest's. */
  readonly unbind: (dev: string, ownerUuid: string) => Promise<void>;
}

/** Somebody who came in by a password or a token. */
export interface Holder {
  /** A user's name, or `token:NAME`. */
  readonly name: string;
  readonly readOnly: boolean;
  /** Rights that a token is limited to. */
  readonly scopes?: readonly string[] | undefined;
}

/** What the HTTP door may ask of users and tokens. */
export interface Credentials {
  /** Who holds a token; nobody when it is unknown, revoked or out of date. */
  readonly holderOf: (secret: string) => Holder | undefined;
  /** Nobody when name or password is wrong; both take the same time. */
  readonly signIn: (name: string, password: string) => Promise<Holder | undefined>;
  /** Calls back when a user's open sessions are to end. */
  readonly onUserChange: (told: (user: string) => void) => void;
}

/** What a driver tells of, by noun. */
export interface DriverEvents {
  readonly domain?: EventBus<DomainEvent>;
  readonly storagePool?: EventBus<StoragePoolEvent>;
  readonly secret?: EventBus<SecretEvent>;
  readonly network?: EventBus<NetworkEvent>;
  readonly nodeDevice?: EventBus<NodeDeviceEvent>;
  /** In the hypervisor's own words. */
  readonly monitor?: EventBus<MonitorEvent>;
}

/** A connection has one hypervisor's driver, and beside it those that serve every hypervisor. */
export interface Driver {
  /** A hypervisor's name is what `connect.type` answers. */
  readonly name:
    | "QEMU"
    | "TEST"
    | "storage"
    | "secret"
    | "network"
    | "nwfilter"
    | "nodedev"
    | "interface"
    | "access";
  /** libvirt's error domain for errors that do not name their own. */
  readonly errorDomain: ErrorDomainNumber;
  readonly roles: Roles;
  readonly events: DriverEvents;
  /** Who reads which images, where the driver has domains. */
  readonly images?: ImageReaders;
  /** Lets go of everything held, without stopping a guest. */
  readonly close: () => Promise<void>;
}
