/** One directory of sysfs that is a device, with what the kernel and udev say of it. */
import { basename, join } from "node:path";
import type { NodeDevice } from "@vireo/model/node/node-device";
import type { DeviceTree } from "./device-tree.ts";

/** What udev found out about a device. */
export interface UdevRecord {
  /** Properties such as `ID_SERIAL`. */
  readonly properties: ReadonlyMap<string, string>;
  /** Links to its node, below `/dev`, sorted. */
  readonly links: readonly string[];
}

export interface SysDevice {
  readonly real: string;
  /** Last part of its path. */
  readonly name: string;
  /** Bus or class. */
  readonly subsystem: string;
  /** The kernel's own words: `DEVTYPE`, `DEVNAME`, `DRIVER` ... */
  readonly uevent: ReadonlyMap<string, string>;
}

function pairsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const pairs = lines.map((line): [string, string] => {
    const at = line.indexOf("=");
    return [line.slice(0, at), line.slice(at + 1)];
  });
  return new Map(pairs);
}

export async function sysDevice(
  tree: DeviceTree,
  real: string,
  subsystem: string,
): Promise<SysDevice> {
  const text = (await tree.text(real, "uevent")) ?? "";
  return { real, name: basename(real), subsystem, uevent: pairsOf(text.split("\n")) };
}

/** How udev calls its record: by number where there is a node, by index for links. */
function recordName({ uevent, subsystem, name }: SysDevice): string {
  const [major, minor] = [uevent.get("MAJOR"), uevent.get("MINOR")];
  if (major !== undefined && minor !== undefined)
    return `${subsystem === "block" ? "b" : "c"}${major}:${minor}`;
  const index = uevent.get("IFINDEX");
  return index === undefined ? `+${subsystem}:${name}` : `n${index}`;
}

const rest = (lines: readonly string[], letter: string): readonly string[] =>
  lines.filter((line) => line.startsWith(letter)).map((line) => line.slice(letter.length));

const RECORD_BYTES = 32_768;

/** Empty where udev does not run. */
export async function udevRecord(tree: DeviceTree, device: SysDevice): Promise<UdevRecord> {
  const path = join(tree.roots.udev, recordName(device));
  const lines = (await tree.bytes(path, RECORD_BYTES)).toString("utf8").split("\n");
  return { properties: pairsOf(rest(lines, "E:")), links: rest(lines, "S:").toSorted() };
}

/** The node in /dev, and udev's links to it; none of most devices. */
export async function deviceNodes(
  tree: DeviceTree,
  device: SysDevice,
): Promise<NonNullable<NodeDevice["nodes"]>> {
  const name = device.uevent.get("DEVNAME");
  if (name === undefined) return [];
  const { links } = await udevRecord(tree, device);
  return [
    { type: "dev", path: join("/dev", name) },
    ...links.map((link) => ({ type: "link" as const, path: join("/dev", link) })),
  ];
}
