/** Tap devices: a guest's network card as the host sees it. */
import { closeSync, openSync } from "node:fs";
import { errnoError, hostError } from "./errno.ts";
import { IFNAMSIZ } from "./link.ts";
import { tryCall } from "./sys.ts";

const TUNSETIFF = 0x400454ca;
const IFF_TAP = 0x0002;
const IFF_NO_PI = 0x1000;
const IFF_VNET_HDR = 0x4000;
const IFF_MULTI_QUEUE = 0x0100;
const IFREQ_SIZE = 40;
const EBUSY = 16;

export interface TapOptions {
  /** A name, or a pattern such as `vnet%d` that the kernel completes with the first free number. */
  readonly name: string;
  /** Let virtio pass checksums and segmentation on. */
  readonly vnetHeader: boolean;
  readonly queues?: number;
}

export interface Tap {
  readonly name: string;
  /** One descriptor per queue, for QEMU; the device disappears when the last holder closes them. */
  readonly fds: readonly number[];
  readonly close: () => void;
}

/**
 * Makes a tap device that lives as long as its descriptors.
 * @throws VireoError `systemError`
 */
export function openTap({ name, vnetHeader, queues = 1 }: TapOptions): Tap {
  const fds: number[] = [];
  const close = (): void => {
    for (const fd of fds.splice(0)) closeSync(fd);
  };
  let given = name;
  try {
    while (fds.length < queues) {
      fds.push(openTun());
      given = joinQueue(fds.at(-1) ?? -1, { name: given, vnetHeader, queues });
    }
    return { name: given, fds, close };
  } catch (error) {
    close();
    throw error;
  }
}

function openTun(): number {
  try {
    return openSync("/dev/net/tun", "r+");
  } catch (error) {
    throw hostError("Unable to open /dev/net/tun, is tun module loaded?", error);
  }
}

/**
 * Makes a descriptor a queue of the device of that name, which is made if need be; answers its name.
 * @throws VireoError `systemError`
 */
export function joinQueue(fd: number, { name, vnetHeader, queues = 1 }: TapOptions): string {
  const flags =
    IFF_TAP | IFF_NO_PI | (vnetHeader ? IFF_VNET_HDR : 0) | (queues > 1 ? IFF_MULTI_QUEUE : 0);
  const ifreq = Buffer.alloc(IFREQ_SIZE);
  ifreq.write(name.slice(0, IFNAMSIZ - 1), "latin1");
  ifreq.writeUInt16LE(flags, IFNAMSIZ);
  const made = tryCall("ioctl", fd, TUNSETIFF, ifreq);
  if (!made.ok)
    throw errnoError(
      `Unable to create tap device ${name}${made.errno === EBUSY ? " (somebody uses it)" : ""}`,
      made.errno,
    );
  return ifreq.toString("latin1", 0, ifreq.indexOf(0));
}
