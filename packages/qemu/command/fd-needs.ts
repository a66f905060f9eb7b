/** File descriptors QEMU needs from the daemon, under the names its options give them. */

export type FdKind =
  | "monitor"
  | "listen"
  | "file"
  | "log"
  | "tap"
  | "vhost-net"
  | "vhost-vsock"
  | "vhost-scsi"
  | "vhost-vdpa"
  | "vhost-user-gpu"
  | "tpm"
  | "tpm-cancel";

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

/** Where device translation asks for descriptors. */
export interface FdSource {
  /** What QEMU calls the descriptor: a number it inherits, or a name it was sent (`getfd`). */
  take(need: FdNeed): number | string;
  /** A number for a new descriptor set, opened inside QEMU as `/dev/fdset/N`. */
  newSet(): number;
}

/** Standard input, output and error are taken. */
const FIRST_FD = 3;

/**
 * Collects needs while a command line is written and numbers them.
 * Each need gets the next free number, so the list says exactly what to place where at spawn.
 */
export class FdNeeds implements FdSource {
  readonly #granted: GrantedFd[] = [];
  #nextSet = 0;
  readonly #nextFd: (need: FdNeed) => number;

  /** `nextFd` lets a test give the numbers; by default they count up from 3. */
  constructor(nextFd?: (need: FdNeed) => number) {
    this.#nextFd = nextFd ?? (() => FIRST_FD + this.#granted.length);
  }

  take(need: FdNeed): number {
    const fd = this.#nextFd(need);
    this.#granted.push({ ...need, fd });
    return fd;
  }

  newSet(): number {
    return this.#nextSet++;
  }

  get granted(): readonly GrantedFd[] {
    return this.#granted;
  }
}

export interface NamedFd extends FdNeed {
  /** Name for `getfd`. */
  readonly name: string;
}

/** Collects needs of a device that is plugged into a running QEMU, and names them. */
export class NamedFds implements FdSource {
  readonly #named: NamedFd[] = [];
  #nextSet: number;

  /** `firstSet` must be larger than any descriptor set QEMU has. */
  constructor(firstSet: number) {
    this.#nextSet = firstSet;
  }

  /** Names begin with a letter: QEMU takes one that begins with a digit for a number. */
  take(need: FdNeed): string {
    const name = `${need.kind}-${need.id}-${need.queue ?? 0}`;
    this.#named.push({ ...need, name });
    return name;
  }

  newSet(): number {
    return this.#nextSet++;
  }

  get named(): readonly NamedFd[] {
    return this.#named;
  }
}
