/** File descriptors the new QEMU must inherit, numbered as its command line names them. */

export type FdKind =
  | "monitor"
  | "listen"
  | "connected"
  | "file"
  | "log"
  | "tap"
  | "vhost-net"
  | "vhost-vsock"
  | "vhost-scsi"
  | "vhost-vdpa"
  | "vhost-user-gpu"
  | "tpm"
  | "tpm-cancel"
  | "slirp"
  | "disk";

/** What must be open, and why. */
export interface FdNeed {
  readonly kind: FdKind;
  /** Alias of the device that uses it; `monitor` for QEMU's own. */
  readonly id: string;
  /** Path to listen on or to open; absent when the kind says enough. */
  readonly path?: string;
  /** Queue of a multi-queue device, from 0. */
  readonly queue?: number;
  /** Open files for appending instead of truncating. */
  readonly append?: boolean;
  readonly origin: string;
}

export interface GrantedFd extends FdNeed {
  /** Number the descriptor has in the new process. */
  readonly fd: number;
}

/** Standard input, output and error are taken. */
const FIRST_FD = 3;

/**
 * Collects needs while a command line is written and numbers them.
 * Each need gets the next free number, so the list says exactly what to place where at spawn.
 */
export class FdNeeds {
  readonly #granted: GrantedFd[] = [];
  #nextSet = 0;
  readonly #nextFd: (need: FdNeed) => number;

  /** `nextFd` lets a test give the numbers; by default they count up from 3. */
  constructor(nextFd?: (need: FdNeed) => number) {
    this.#nextFd = nextFd ?? (() => FIRST_FD + this.#granted.length);
  }

  /** The number under which QEMU will find the descriptor. */
  take(need: FdNeed): number {
    const fd = this.#nextFd(need);
    this.#granted.push({ ...need, fd });
    return fd;
  }

  /** A number for a new descriptor set, opened inside QEMU as `/dev/fdset/N`. */
  newSet(): number {
    return this.#nextSet++;
  }

  get granted(): readonly GrantedFd[] {
    return this.#granted;
  }
}
