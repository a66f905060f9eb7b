/**
 * What the kernel tells of devices that come, change and go. Node cannot listen on such a socket, so the kernel says
 * by a signal (SIGIO) that there is something to read, and it is read without waiting.
 */
import { closeSync, existsSync } from "node:fs";
import { tryCall } from "./sys.ts";

const AF_NETLINK = 16;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0x80000;
const NETLINK_KOBJECT_UEVENT = 15;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
/** Room for what comes while we are busy; more than that is told as a loss. */
const RECEIVE_BYTES = 8 * 1024 * 1024;
const F_SETFL = 4;
const F_SETOWN = 8;
const O_NONBLOCK = 0x800;
const O_ASYNC = 0x2000;
const ENOBUFS = 105;
const EINTR = 4;
/** No message is longer: the kernel's have 2 KiB at most, udev's 8. */
const MESSAGE_BYTES = 64 * 1024;

/** The kernel's own words; and what udev sends on when it has looked at the device. */
const GROUPS = { kernel: 1, udev: 2 } as const;
const UDEV_RUNS = "/run/udev/control";

export interface Uevent {
  /** `add`, `remove`, `change`, `move`, `bind` ... */
  readonly action: string;
  /** Below /sys. */
  readonly path: string;
  /** Where it was, of one that was moved or renamed. */
  readonly oldPath?: string;
  /** Bus or class. */
  readonly subsystem: string;
}

export interface UeventSource {
  /** Reads what there is at this moment, without waiting for the signal. */
  readonly drain: () => void;
  readonly close: () => void;
}

export interface UeventListener {
  readonly heard: (events: readonly Uevent[]) => void;
  /** Some were lost: look at everything. */
  readonly lost: () => void;
}

/** udev's messages begin with a header that says where the words are; the kernel's with the event itself. */
export function parseUevent(message: Buffer): Uevent | undefined {
  const isUdev = message.length >= 24 && message.toString("latin1", 0, 7) === "libudev";
  const words = isUdev ? message.subarray(message.readUInt32LE(16)) : message;
  const pairs = words
    .toString("utf8")
    .split("\0")
    .map((word): [string, string] => {
      const at = word.indexOf("=");
      return [word.slice(0, at), word.slice(at + 1)];
    });
  const values = new Map(pairs);
  const [action, path, subsystem] = ["ACTION", "DEVPATH", "SUBSYSTEM"].map((key) =>
    values.get(key),
  );
  const oldPath = values.get("DEVPATH_OLD");
  if (action === undefined || path === undefined || subsystem === undefined) return undefined;
  return { action, path, subsystem, ...(oldPath === undefined ? {} : { oldPath }) };
}

function address(groups: number): Buffer {
  const bytes = Buffer.alloc(12); // family, padding, port (the kernel chooses), groups
  bytes.writeUInt16LE(AF_NETLINK, 0);
  bytes.writeUInt32LE(groups, 8);
  return bytes;
}

function boundSocket(): number | undefined {
  const made = tryCall("socket", AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
  if (!made.ok) return undefined;
  const fd = made.value;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(RECEIVE_BYTES);
  tryCall("setsockopt", fd, SOL_SOCKET, SO_RCVBUFFORCE, size, size.length); // without it there is less room
  const place = address(existsSync(UDEV_RUNS) ? GROUPS.udev : GROUPS.kernel);
  if (tryCall("bind", fd, place, place.length).ok) return fd;
  closeSync(fd);
  return undefined;
}

/** Longer than any signal is on its way. */
const GRACE_MS = 1000;
const memory = Buffer.allocUnsafeSlow(MESSAGE_BYTES);

/** Reads until there is no more. */
function drain(fd: number, { heard, lost }: UeventListener): void {
  const events: Uevent[] = [];
  for (;;) {
    const got = tryCall("recv", fd, memory, memory.length, 0);
    if (!got.ok && got.errno === ENOBUFS) lost();
    else if (!got.ok && got.errno === EINTR) continue;
    else if (!got.ok) break;
    else {
      const event = parseUevent(memory.subarray(0, got.value));
      if (event !== undefined) events.push(event);
    }
  }
  if (events.length > 0) heard(events);
}

/** Begins to listen; undefined where the kernel does not let us. */
export function listenToUevents(listener: UeventListener): UeventSource | undefined {
  const fd = boundSocket();
  if (fd === undefined) return undefined;
  let open = true;
  const read = (): void => {
    if (open) drain(fd, listener);
  };
  process.on("SIGIO", read); // first: without anybody who hears it the signal would end us
  tryCall("fcntl", fd, F_SETOWN, process.pid);
  tryCall("fcntl", fd, F_SETFL, O_NONBLOCK | O_ASYNC);
  const close = (): void => {
    open = false;
    closeSync(fd);
    // a signal that is on its way yet finds somebody who hears it
    setTimeout(() => process.off("SIGIO", read), GRACE_MS).unref();
  };
  return { drain: read, close };
}
