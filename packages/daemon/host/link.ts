/** Links of the host: their addresses, their packets' size, their bridge and whether they are on. */
import { closeSync, existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { errnoError, hasCode, hostError } from "./errno.ts";
import { mustCall } from "./sys.ts";

const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 0x80002;
const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const SIOCSIFMTU = 0x8922;
const SIOCSIFHWADDR = 0x8924;
const SIOCGIFINDEX = 0x8933;
const SIOCETHTOOL = 0x8946;
const SIOCBRADDIF = 0x89a2;
const SIOCBRDELIF = 0x89a3;
const IFF_UP = 1;
const ARPHRD_ETHER = 1;
const ENODEV = 19;
const ERANGE = 34;
/** Of `struct ifreq`: the name, then what is asked for. */
const IFREQ_SIZE = 40;
export const IFNAMSIZ = 16;
/** Of `struct ethtool_coalesce`, and where it has the frames for one interrupt. */
const COALESCE_SIZE = 23 * 4;
const RX_MAX_FRAMES_AT = 8;
const ETHTOOL_GCOALESCE = 0x0e;
const ETHTOOL_SCOALESCE = 0x0f;

export const linkIsThere = (name: string): boolean => existsSync(`/sys/class/net/${name}`);

/** A tap device, whoever has made it. */
export const isTap = (name: string): boolean => existsSync(`/sys/class/net/${name}/tun_flags`);

/** @throws VireoError `systemError` for a name that the kernel would cut off */
export function mustFitName(what: string, name: string): void {
  if (Buffer.byteLength(name) >= IFNAMSIZ) throw errnoError(what, ERANGE);
}

const requestFor = (name: string): Buffer => {
  const request = Buffer.alloc(IFREQ_SIZE);
  request.write(name.slice(0, IFNAMSIZ - 1), "latin1");
  return request;
};

function withSocket<T>(what: string, use: (fd: number) => T): T {
  const fd = mustCall(what, "socket", AF_INET, SOCK_DGRAM_CLOEXEC, 0);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** @throws VireoError `systemError` that says `what` was attempted */
const control = (what: string, code: number, request: Buffer): void =>
  withSocket(what, (fd) => void mustCall(what, "ioctl", fd, code, request));

/** @throws VireoError `systemError` */
export function linkIndex(name: string): number {
  const request = requestFor(name);
  control(`Unable to get index for interface ${name}`, SIOCGIFINDEX, request);
  return request.readInt32LE(IFNAMSIZ);
}

function setMac(name: string, mac: string): void {
  const request = requestFor(name);
  request.writeUInt16LE(ARPHRD_ETHER, IFNAMSIZ);
  Buffer.from(mac.replaceAll(":", ""), "hex").copy(request, IFNAMSIZ + 2);
  control(`Cannot set interface MAC to ${mac} on '${name}'`, SIOCSIFHWADDR, request);
}

function setMtu(name: string, mtu: number): void {
  const request = requestFor(name);
  request.writeInt32LE(mtu, IFNAMSIZ);
  control(`Cannot set interface MTU on '${name}'`, SIOCSIFMTU, request);
}

function switchOn(name: string): void {
  const request = requestFor(name);
  control(`Cannot get interface flags on '${name}'`, SIOCGIFFLAGS, request);
  request.writeUInt16LE(request.readUInt16LE(IFNAMSIZ) | IFF_UP, IFNAMSIZ);
  control(`Cannot set interface flags on '${name}'`, SIOCSIFFLAGS, request);
}

/** The bridge that the link is a port of. */
export function bridgeOf(name: string): string | undefined {
  try {
    return basename(readlinkSync(`/sys/class/net/${name}/master`));
  } catch {
    return undefined;
  }
}

function changePort(bridge: string, name: string, joins: boolean): void {
  const request = requestFor(bridge);
  request.writeInt32LE(linkIndex(name), IFNAMSIZ);
  const what = joins
    ? `Unable to add bridge ${bridge} port`
    : `Unable to remove bridge ${bridge} port`;
  control(`${what} ${name}`, joins ? SIOCBRADDIF : SIOCBRDELIF, request);
}

/** Makes a link a port of this bridge and of no other. @throws VireoError; then it is where it was */
export function joinBridge(name: string, bridge: string): void {
  const before = bridgeOf(name);
  if (before === bridge) return;
  if (before !== undefined) changePort(before, name, false);
  try {
    changePort(bridge, name, true);
  } catch (error) {
    if (before !== undefined) changePort(before, name, true);
    throw error;
  }
}

export interface LinkSettings {
  readonly bridge?: string;
  readonly mac?: string;
  readonly mtu?: number;
}

/** Gives a link an address, an MTU or a bridge, and switches it on. @throws VireoError `systemError` */
export function configureLink(name: string, { bridge, mac, mtu }: LinkSettings): void {
  if (mac !== undefined) setMac(name, mac);
  if (mtu !== undefined) setMtu(name, mtu);
  if (bridge !== undefined) joinBridge(name, bridge);
  switchOn(name);
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

/** Keeps a port of a bridge from the other ports that are kept so. @throws VireoError `systemError` */
export function isolatePort(name: string, isolated: boolean): void {
  try {
    writeFileSync(`/sys/class/net/${name}/brport/isolated`, isolated ? "1" : "0");
  } catch (error) {
    throw hostError(`Unable to set isolated on port ${name}`, error);
  }
}

/** How many received packets may share an interrupt; 0 for none. @throws VireoError `systemError` */
export function setCoalescedFrames(name: string, frames: number): void {
  const settings = Buffer.alloc(COALESCE_SIZE);
  const what = `Cannot set coalesce info on '${name}'`;
  const tell = (command: number): void => {
    settings.writeUInt32LE(command);
    const request = { name, data: settings, rest: "" };
    withSocket(what, (fd) => void mustCall(what, "ioctlLink", fd, SIOCETHTOOL, request));
  };
  tell(ETHTOOL_GCOALESCE);
  settings.writeUInt32LE(frames, RX_MAX_FRAMES_AT);
  tell(ETHTOOL_SCOALESCE);
}

/** The host side of a guest's card: the guest's address with a first byte that no guest uses. */
export const hostSideMac = (guestMac: string): string => `fe${guestMac.slice(2)}`;
