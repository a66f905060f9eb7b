/** Where the bytes of an image live, in the shape QEMU's block layer needs. */

/** One server of a network image. */
export type NetworkHost =
  | { readonly transport: "tcp" | "rdma"; readonly name: string; readonly port?: number }
  | { readonly transport: "unix"; readonly socket: string };

export const NETWORK_PROTOCOLS = [
  "nbd",
  "rbd",
  "iscsi",
  "gluster",
  "sheepdog",
  "http",
  "https",
  "ftp",
  "ftps",
  "tftp",
  "ssh",
  "nfs",
  "vxhs",
] as const;
export type NetworkProtocol = (typeof NETWORK_PROTOCOLS)[number];

/** Ports that libvirt fills in when the definition names none. */
export const DEFAULT_PORT: Readonly<Partial<Record<NetworkProtocol, number>>> = {
  nbd: 10809,
  iscsi: 3260,
  gluster: 24007,
  sheepdog: 7000,
  http: 80,
  https: 443,
  ftp: 21,
  ftps: 990,
  tftp: 69,
  ssh: 22,
  vxhs: 9999,
};

export interface NetworkSource {
  readonly type: "network";
  readonly protocol: NetworkProtocol;
  /** Export, image, path or target name; gluster and rbd keep `volume/image` in it. */
  readonly name?: string;
  readonly query?: string;
  readonly hosts: readonly NetworkHost[];
  readonly snapshot?: string;
  readonly config?: string;
  readonly initiator?: string;
  /** How much the client library logs (gluster), 0 to 9. */
  readonly debugLevel?: number;
  readonly tls?: boolean;
  readonly tlsHostname?: string;
  readonly sslVerify?: boolean;
  /** Bytes to read ahead (curl). */
  readonly readahead?: number;
  /** Seconds before a request fails (curl). */
  readonly timeout?: number;
  /** Seconds to try to reconnect (nbd). */
  readonly reconnectDelay?: number;
  readonly cookies?: readonly { readonly name: string; readonly value: string }[];
  readonly user?: string;
  readonly group?: string;
  readonly sshHostKey?: string;
  readonly knownHosts?: string;
  readonly keyfile?: string;
  readonly auth?: { readonly username: string; readonly type: string };
}

export type StorageSource =
  | { readonly type: "file"; readonly path: string; readonly fdset?: number }
  | {
      readonly type: "block";
      readonly path: string;
      readonly cdrom?: boolean;
      readonly fdset?: number;
    }
  | { readonly type: "dir"; readonly path: string; readonly floppy?: boolean }
  | { readonly type: "nvme"; readonly device: string; readonly namespace: number | bigint }
  | NetworkSource;

/** Ids of the QEMU objects a source leans on. */
export interface SourceObjects {
  readonly authSecret?: string;
  readonly cookieSecret?: string;
  readonly encryptionSecret?: string;
  readonly tlsCreds?: string;
  readonly reservations?: string;
}

/** A part of the bytes below: in bytes. */
export interface Slice {
  readonly offset: number;
  readonly size: number;
}
