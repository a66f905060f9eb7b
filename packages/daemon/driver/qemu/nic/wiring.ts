/** What one kind of connection has to do for a card. */
import type { Interface } from "@vireo/model/domain/device/interface";
import type { Tap } from "../../../host/tap.ts";

/** A card that is to be plugged in, as it is going to run. */
export interface Wiring {
  readonly net: Interface;
  /** UUID of the guest. */
  readonly owner: string;
  /** Size of its network's packets. */
  readonly mtu?: number | undefined;
  /** Which daemon it belongs to: where that keeps what runs. */
  readonly root: string;
}

export interface Connection {
  /** Makes the device, which nothing passes yet. @throws VireoError; then there is none */
  readonly open: (wiring: Wiring) => Tap | Promise<Tap>;
  /** Plugs it in and switches it on. @throws VireoError; `leave` is called then too */
  readonly join?: (dev: string, wiring: Wiring) => void | Promise<void>;
  /** Removes what does not end with QEMU; also what is gone already. */
  readonly leave?: (dev: string, net: Interface) => void | Promise<void>;
}
