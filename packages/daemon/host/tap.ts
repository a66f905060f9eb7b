/** Tap devices: a guest's network card as the host sees it. */
import { closeSync, openSync, readFileSync } from "node:fs";
import { errnoError, hasCode, hostError } from "./errno.ts";
import { execProgram } from "./exec.ts";
import { tryCall } from "./sys.ts";

const TUNSETIFF = 0x400454ca;
const IFF_TAP = 0x0002;
const IFF_NO_PI = 0x1000;
const IFF_VNET_HDR = 0x4000;
const IFF_MULTI_QUEUE = 0x0100;
const IFNAMSIZ = 16;
const IFREQ_SIZE = 40;
const EBUSY = 16;
const ENODEV = 19;

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

export interface LinkSettings {
  readonly bridge?: string;
  readonly mac?: string;
  readonly mtu?: number;
  readonly up?: boolean;
}

/** Gives a link an address, an MTU or a bridge, and switches it on. */
export async function configureLink(
  name: string,
  { bridge, mac, mtu, up = true }: LinkSettings,
): Promise<void> {
  const args = [
    ...(mac === undefined ? [] : ["address", mac]),
    ...(mtu === undefined ? [] : ["mtu", String(mtu)]),
    ...(bridge === undefined ? [] : ["master", bridge]),
    up ? "up" : "down",
  ];
  await execProgram("ip", ["link", "set", "dev", name, ...args]);
}

/** Packets of a bridge may be this long. @throws VireoError `systemError` when there is none */
export function bridgeMtu(bridge: string): number {
  try {
    return Number(readFileSync(`/sys/class/net/${bridge}/mtu`, "utf8"));
  } catch (error) {
    const what = `Cannot get interface MTU on '${bridge}'`;
    throw hasCode(error, "ENOENT") ? errnoError(what, ENODEV) : hostError(what, error);
  }
}

/** Keeps a port of a bridge from the other ports that are kept so. @throws VireoError `internalError` */
export async function isolatePort(name: string): Promise<void> {
  await execProgram("bridge", ["link", "set", "dev", name, "isolated", "on"]);
}

/** The host side of a guest's card: the guest's address with a first byte that no guest uses. */
export const hostSideMac = (guestMac: string): string => `fe${guestMac.slice(2)}`;
