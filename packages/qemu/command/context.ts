/** Facts about the host and the daemon that a command line depends on; asked before, so that writing it stays pure. */
import type { FdNeed } from "./fd-needs.ts";

/** A mounted hugetlbfs. */
export interface HugepageMount {
  readonly path: string;
  readonly sizeKiB: number;
  readonly default?: boolean;
}

/** What a secret is wanted for, and how the definition names it. */
export interface SecretRequest {
  readonly usageType: string;
  readonly uuid?: string;
  readonly usage?: string;
  /** The value itself, when it is no libvirt secret (cookies, configured passwords). */
  readonly literal?: string;
  readonly origin: string;
}

/** A secret as QEMU takes it: AES-256-CBC with the domain's master key, base64. */
export interface EncryptedSecret {
  readonly data: string;
  readonly iv: string;
}

/** Where certificates are, and which connections use them. */
export interface TlsSettings {
  readonly vncDir?: string;
  readonly spiceDir?: string;
  readonly chardevDir?: string;
  readonly nbdDir?: string;
  readonly vxhsDir?: string;
  readonly migrateDir?: string;
  /** Secret that unlocks the server key, per use. */
  readonly chardevSecretUuid?: string;
  readonly vncSecretUuid?: string;
  readonly nbdSecretUuid?: string;
  readonly vxhsSecretUuid?: string;
  readonly chardevVerify?: boolean;
  readonly chardev?: boolean;
  readonly nbd?: boolean;
  readonly vxhs?: boolean;
}

/** Settings of qemu.conf that change the command line. */
export interface DriverSettings {
  readonly tls: TlsSettings;
  /** Address displays listen on when the definition names none. */
  readonly vncListen: string;
  readonly spiceListen: string;
  readonly spiceTls?: boolean;
  readonly spiceSasl?: boolean;
  /** Directories of SASL configuration, when not the system's. */
  readonly vncSaslDir?: string;
  readonly spiceSaslDir?: string;
  readonly vncTls?: boolean;
  readonly vncTlsVerify?: boolean;
  readonly vncSasl?: boolean;
  /** A display without a `<listen>` gets a socket in the domain's directory. */
  readonly vncAutoUnixSocket?: boolean;
  readonly spiceAutoUnixSocket?: boolean;
  readonly vncPassword?: string;
  readonly spicePassword?: string;
  /** -1 and undefined: QEMU's own default; 0 switches it off. */
  readonly seccompSandbox?: boolean;
  readonly dumpGuestCore?: boolean;
  readonly logTimestamp?: boolean;
  readonly setProcessName?: boolean;
  readonly glusterDebugLevel?: number;
  readonly deprecationBehavior?: string;
}

export interface HostFacts {
  /** A block device that is an optical drive with a medium interface of its own. */
  isCdrom(path: string): boolean;
  /** Default DRM render node, `/dev/dri/renderD128`. */
  readonly renderNode?: string;
  /** NUMA nodes the host has; undefined when it has no NUMA. */
  readonly numaNodes?: readonly number[];
  /** Nodes numad advised for `placement='auto'`. */
  readonly autoNodeset?: readonly number[];
  readonly pageSizeKiB: number;
  readonly thpSizeKiB?: number;
  readonly fips?: boolean;
  /** Value of a variable of the daemon's environment that QEMU's audio or display back ends read. */
  environment(name: string): string | undefined;
  /** `/dev/sgN` of a SCSI host device. */
  scsiGeneric(adapter: string, bus: number, target: number, unit: number): string;
  /** Seconds since 1970 and the offset of local time in seconds, for `<clock>`. */
  readonly nowSeconds: number;
  readonly localTimeOffsetSeconds: number;
}

/** The host's CPU as the nearest model QEMU knows, and the features beyond it, by libvirt's names. */
export interface HostCpu {
  readonly model: string;
  readonly features: readonly string[];
}

export interface CommandContext {
  readonly hostArch: string;
  /** Needed for `host-model`; absent when it is not known. */
  readonly hostCpu?: HostCpu;
  /** Directory of this domain: `libDir/domain-ID-NAME`. */
  readonly domainDir: string;
  /** `ID-NAME` with at most 20 characters of the name; names shared directories and sockets. */
  readonly shortName: string;
  /** Directory of this domain's channel sockets. */
  readonly channelDir: string;
  readonly nvramDir: string;
  readonly memoryBackingDir: string;
  readonly hugepageMounts: readonly HugepageMount[];
  readonly passtDir: string;
  readonly settings: DriverSettings;
  readonly host: HostFacts;
  secret(request: SecretRequest): EncryptedSecret | undefined;
  /** Where the number of a descriptor comes from, when the daemon does not count from 3. */
  readonly fdNumber?: (need: FdNeed) => number;
  /** Values for `-incoming`, `-loadvm` and the like. */
  readonly incoming?: string;
  readonly loadSnapshot?: string;
  /** Path of the swtpm socket of a TPM, by alias. */
  tpmSocket(alias: string): string;
}
