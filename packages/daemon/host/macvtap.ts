/** macvtap devices: a guest's card that shares an interface of the host. */
import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { virError } from "@vireo/model/error";
import { errnoError, hostError } from "./errno.ts";
import { execProgram } from "./exec.ts";
import { configureLink, linkIndex, linkIsThere, mustFitName } from "./link.ts";
import { joinQueue, type Tap, type TapOptions } from "./tap.ts";

/** The kernel makes no name for us. */
const NAMES = 8191;

export interface MacvtapOptions extends Omit<TapOptions, "name"> {
  /** The interface of the host. */
  readonly dev: string;
  readonly mode: string;
  readonly mac: string;
  /** The first free `macvtapN` when absent. */
  readonly name?: string;
  /** A mark that it bears from its first moment on: whose it is. */
  readonly group: number;
}

const EEXIST = 17;

async function addLink(name: string, { dev, mode, mac, group }: MacvtapOptions): Promise<void> {
  const what = `error creating macvtap interface ${name}@${dev} (${mac})`;
  mustFitName(what, name);
  if (linkIsThere(name)) throw errnoError(what, EEXIST);
  const kind = ["type", "macvtap", "mode", mode === "passthrough" ? "passthru" : mode];
  const how = ["address", mac, "group", String(group), ...kind];
  await execProgram("ip", ["link", "add", "link", dev, "name", name, ...how]);
}

/** Somebody else may take a name between look and use: then the next one. */
async function makeLink(options: MacvtapOptions): Promise<string> {
  if (options.name !== undefined) {
    await addLink(options.name, options);
    return options.name;
  }
  for (let number = 0; number < NAMES; number += 1) {
    const name = `macvtap${number}`;
    if (linkIsThere(name)) continue;
    try {
      await addLink(name, options);
      return name;
    } catch (error) {
      if (!linkIsThere(name)) throw error;
    }
  }
  throw virError("operationFailed", "No free macvtap device name");
}

/** Its character device, as `major:minor`. */
function numbersOf(name: string): string {
  try {
    const index = readFileSync(`/sys/class/net/${name}/ifindex`, "utf8").trim();
    return readFileSync(`/sys/class/net/${name}/macvtap/tap${index}/dev`, "utf8").trim();
  } catch (error) {
    throw hostError(`Cannot find the character device of ${name}`, error);
  }
}

const MINOR_BITS = 8;
function hasNumbers(path: string, numbers: string): boolean {
  const at = statSync(path, { throwIfNoEntry: false });
  if (at === undefined || !at.isCharacterDevice()) return false;
  const low = 0xff;
  const major = Math.floor(at.rdev / 2 ** MINOR_BITS) & 0xfff;
  const minor = (at.rdev & low) | (Math.floor(at.rdev / 2 ** 12) & ~low);
  return `${major}:${minor}` === numbers;
}

/**
 * The device's node. `/dev/tapN` is named by a number of the network namespace, so in another one
 * it may be somebody else's; and nobody makes it where neither devtmpfs nor udev is.
 */
async function withNode<T>(name: string, use: (path: string) => T): Promise<T> {
  const numbers = numbersOf(name);
  const usual = `/dev/tap${readFileSync(`/sys/class/net/${name}/ifindex`, "utf8").trim()}`;
  if (hasNumbers(usual, numbers)) return use(usual);
  const path = `/dev/.vireo-${process.pid}-${name}`;
  const [major = "", minor = ""] = numbers.split(":");
  await execProgram("mknod", ["-m", "600", path, "c", major, minor]);
  try {
    return use(path);
  } finally {
    rmSync(path, { force: true });
  }
}

/** Queues of a macvtap device that somebody else has made. @throws VireoError `systemError` */
export const openForeignMacvtap = (
  name: string,
  options: Omit<TapOptions, "name">,
): Promise<readonly number[]> => withNode(name, (path) => openQueues(path, name, options));

export const isMacvtap = (name: string): boolean => linkIsThere(`${name}/macvtap`);

/** Names of the macvtap devices that bear this mark. */
export const macvtapsOf = (group: number): readonly string[] =>
  readdirSync("/sys/class/net").filter(
    (name) =>
      isMacvtap(name) &&
      Number(readFileSync(`/sys/class/net/${name}/netdev_group`, "utf8")) === group,
  );

function openQueues(
  path: string,
  name: string,
  options: Omit<TapOptions, "name">,
): readonly number[] {
  const fds: number[] = [];
  try {
    while (fds.length < (options.queues ?? 1)) {
      fds.push(openSync(path, "r+"));
      joinQueue(fds.at(-1) ?? -1, { ...options, name });
    }
    return fds;
  } catch (error) {
    for (const fd of fds) closeSync(fd);
    throw hostError(`Cannot open macvtap device ${name}`, error);
  }
}

/**
 * Makes a macvtap device; it stays until `removeMacvtap`.
 * @throws VireoError `systemError`, `internalError`
 */
export async function openMacvtap(options: MacvtapOptions): Promise<Tap> {
  linkIndex(options.dev); // is there one
  const name = await makeLink(options);
  try {
    const fds = await withNode(name, (path) => openQueues(path, name, options));
    configureLink(name, {});
    return { name, fds, close: () => fds.forEach((fd) => closeSync(fd)) };
  } catch (error) {
    await removeMacvtap(name).catch(() => undefined); // the first fault tells more
    throw error;
  }
}

/** @throws VireoError `internalError` */
export async function removeMacvtap(name: string): Promise<void> {
  if (linkIsThere(name)) await execProgram("ip", ["link", "delete", name, "type", "macvtap"]);
}
