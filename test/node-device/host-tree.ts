/**
 * Hosts with hardware that this machine lacks: sysfs and udev's database from a few lines of text, written to a
 * directory that vireod can be given and that can be mounted over `/sys` for the real libvirtd.
 *
 *     /devices/pci0000:00/0000:00:1f.2     a directory below /sys
 *       bus pci                            it belongs to that bus (or `class net`): links both ways
 *       pci 8086:2922 010601               the same for bus pci, with vendor, device and class and what tells of them
 *       group 12                           its IOMMU group
 *       driver ahci                        who drives it
 *       vendor = 0x8086                    an attribute, with the line's end that the kernel writes
 *       config : 86 80 22 29               one of bytes; `NN*20` repeats
 *       physfn -> /devices/...             a link
 *       uevent PCI_CLASS=10601             a line of `uevent`
 *       udev ID_BUS=pci                    what udev found out
 *       alias disk/by-id/x                 a link in /dev that udev made
 *       vpd NAME | PN=A SN=B | YA=C        vital product data: its name, what is read only, what can be written
 *     ./ata1/host0                         below the last directory that was written in full
 *     # a remark
 */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

/** Where a host is written to. */
export interface HostPlaces {
  readonly sys: string;
  readonly udev: string;
}

interface Entry {
  readonly path: string;
  readonly attributes: Map<string, string>;
  readonly bytes: Map<string, Buffer>;
  readonly links: Map<string, string>;
  readonly uevent: string[];
  readonly udev: string[];
  kind?: { readonly of: "bus" | "class"; readonly name: string };
  driver?: string;
}

const newEntry = (path: string): Entry => ({
  path,
  attributes: new Map(),
  bytes: new Map(),
  links: new Map(),
  uevent: [],
  udev: [],
});

function bytesOf(text: string): Buffer {
  const bytes = text.split(/\s+/).flatMap((word) => {
    const [digits = "", count = "1"] = word.split("*");
    return Array.from({ length: Number(count) }, () => Number.parseInt(digits, 16));
  });
  return Buffer.from(bytes);
}

/** What the kernel tells of every PCI device. */
function takePci(entry: Entry, [id = "", code = ""]: readonly string[]): void {
  const [vendor = "", device = ""] = id.split(":");
  const ids = bytesOf(id.replace(/(..)(..):(..)(..)/, "$2 $1 $4 $3"));
  entry.kind = { of: "bus", name: "pci" };
  entry.attributes.set("vendor", `0x${vendor}`);
  entry.attributes.set("device", `0x${device}`);
  entry.attributes.set("class", `0x${code}`);
  entry.uevent.push(`PCI_CLASS=${code.replace(/^0/, "").toUpperCase()}`);
  entry.uevent.push(`PCI_ID=${id.toUpperCase()}`, `PCI_SLOT_NAME=${basename(entry.path)}`);
  entry.bytes.set("config", Buffer.concat([ids, Buffer.alloc(252)]));
}

const vpdPart = (tag: number, data: Buffer): Buffer => {
  const head = Buffer.from([tag, 0, 0]);
  head.writeUInt16LE(data.length, 1);
  return Buffer.concat([head, data]);
};
const vpdFields = (text: string): Buffer =>
  Buffer.concat(
    text
      .trim()
      .split(" ")
      .map((field) => {
        const [key = "", value = ""] = field.split("=");
        return Buffer.concat([Buffer.from(key), Buffer.from([value.length]), Buffer.from(value)]);
      }),
  );

/** As a card stores it: a sum of 0 up to the field `RV`. */
function vpdOf([name = "", fixed = "", writable = ""]: readonly string[]): Buffer {
  const rest = Buffer.from([...Buffer.from("RV"), 1, 0]);
  const head = Buffer.concat([
    vpdPart(0x82, Buffer.from(name.trim())),
    vpdPart(0x90, Buffer.concat([vpdFields(fixed), rest])),
  ]);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.writeUInt8((256 - (sum % 256)) % 256, head.length - 1);
  return Buffer.concat([head, vpdPart(0x91, vpdFields(writable)), Buffer.from([0x78])]);
}

function takeWord(entry: Entry, word: string, rest: string): void {
  switch (word) {
    case "bus":
    case "class":
      entry.kind = { of: word, name: rest };
      return;
    case "pci":
      takePci(entry, rest.split(" "));
      return;
    case "vpd":
      entry.bytes.set("vpd", vpdOf(rest.split("|")));
      return;
    case "group":
      entry.links.set("iommu_group", `/kernel/iommu_groups/${rest}`);
      return;
    case "driver":
      entry.driver = rest;
      return;
    case "uevent":
      entry.uevent.push(rest);
      return;
    case "udev":
      entry.udev.push(`E:${rest}`);
      return;
    case "alias":
      entry.udev.push(`S:${rest}`);
      return;
    default:
      throw new Error(`${entry.path}: what is '${word} ${rest}'?`);
  }
}

function takeLine(entry: Entry, line: string): void {
  const [, name = "", sign = "", value = ""] = /^(\S+) (=|:|->)(?: (.*))?$/.exec(line) ?? [];
  if (sign === "=") entry.attributes.set(name, value);
  else if (sign === ":") entry.bytes.set(name, bytesOf(value));
  else if (sign === "->") entry.links.set(name, value);
  else {
    const [word = "", ...rest] = line.split(" ");
    takeWord(entry, word, rest.join(" "));
  }
}

function entriesOf(text: string): readonly Entry[] {
  const entries: Entry[] = [];
  let place = "";
  for (const raw of text.split("\n")) {
    const line = raw.trimEnd();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("/")) place = line;
    if (/^\.?\//.test(line)) {
      entries.push(newEntry(line.startsWith(".") ? join(place, line) : line));
      continue;
    }
    const entry = entries.at(-1);
    if (entry === undefined) throw new Error(`'${line}' belongs to no directory`);
    takeLine(entry, line.trim());
  }
  return entries;
}

/** Writes one host, piece by piece. */
class TreeWriter {
  readonly #tree: HostPlaces;
  readonly #entries: readonly Entry[];

  constructor(tree: HostPlaces, entries: readonly Entry[]) {
    this.#tree = tree;
    this.#entries = entries;
  }

  write(): void {
    for (const entry of this.#entries) this.#writeEntry(entry);
  }

  /** Links of sysfs are relative: they hold wherever the tree is mounted. */
  #link(from: string, target: string): void {
    const at = join(this.#tree.sys, from);
    mkdirSync(dirname(at), { recursive: true });
    mkdirSync(join(this.#tree.sys, target), { recursive: true });
    symlinkSync(relative(dirname(from), target), at);
  }

  #writeEntry(entry: Entry): void {
    const directory = join(this.#tree.sys, entry.path);
    mkdirSync(directory, { recursive: true });
    for (const [name, text] of entry.attributes) this.#put(join(directory, name), `${text}\n`);
    for (const [name, bytes] of entry.bytes) this.#put(join(directory, name), bytes);
    for (const [name, target] of entry.links) this.#link(join(entry.path, name), target);
    const group = entry.links.get("iommu_group");
    if (group !== undefined) this.#link(`${group}/devices/${basename(entry.path)}`, entry.path);
    if (entry.kind !== undefined) this.#join(entry, entry.kind);
  }

  #put(path: string, text: string | Buffer): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** A device of a bus or class, as the kernel ties it in. */
  #join(entry: Entry, { of, name }: NonNullable<Entry["kind"]>): void {
    const place = of === "bus" ? `/bus/${name}/devices` : `/class/${name}`;
    this.#link(`${place}/${basename(entry.path)}`, entry.path);
    this.#link(`${entry.path}/subsystem`, of === "bus" ? `/bus/${name}` : place);
    if (of === "class") this.#linkParent(entry);
    if (entry.driver !== undefined) {
      const driver = `/bus/${name}/drivers/${entry.driver}`;
      this.#link(`${driver}/${basename(entry.path)}`, entry.path);
      this.#link(`${entry.path}/driver`, driver);
    }
    this.#put(join(this.#tree.sys, entry.path, "uevent"), this.#ueventOf(entry));
    const found = ["I:1000000", ...entry.udev, "G:systemd", ""].join("\n");
    this.#put(join(this.#tree.udev, this.#databaseName(entry, name)), found);
  }

  #linkParent(entry: Entry): void {
    if (entry.attributes.has("partition") || entry.links.has("device")) return;
    const parents = this.#entries.filter(
      ({ path, kind }) => kind !== undefined && entry.path.startsWith(`${path}/`),
    );
    const parent = parents.toSorted((a, b) => b.path.length - a.path.length)[0];
    if (parent !== undefined) this.#link(`${entry.path}/device`, parent.path);
  }

  #ueventOf({ driver, attributes, uevent, kind, path }: Entry): string {
    const [major, minor] = attributes.get("dev")?.split(":") ?? [];
    const index = attributes.get("ifindex");
    const lines = [
      ...(major === undefined ? [] : [`MAJOR=${major}`, `MINOR=${minor}`]),
      ...(major === undefined || uevent.some((line) => line.startsWith("DEVNAME="))
        ? []
        : [`DEVNAME=${basename(path)}`]),
      ...(kind?.name === "net" ? [`INTERFACE=${basename(path)}`, `IFINDEX=${index}`] : []),
      ...(driver === undefined ? [] : [`DRIVER=${driver}`]),
      ...uevent,
    ];
    return lines.map((line) => `${line}\n`).join("");
  }

  /** How udev calls its record of the device. */
  #databaseName({ attributes, path }: Entry, subsystem: string): string {
    const number = attributes.get("dev");
    if (number !== undefined) return `${subsystem === "block" ? "b" : "c"}${number}`;
    if (subsystem === "net") return `n${attributes.get("ifindex")}`;
    return `+${subsystem}:${basename(path)}`;
  }
}

/** Writes a host there; may be called again to add more. */
export function writeHostTree(places: HostPlaces, text: string): void {
  for (const directory of [places.sys, places.udev]) mkdirSync(directory, { recursive: true });
  new TreeWriter(places, entriesOf(text)).write();
}

/** The text of one of our hosts: `sriov`, `fibre-channel` ... */
export const hostTreeText = (name: string): string =>
  readFileSync(join(import.meta.dirname, "tree", `${name}.txt`), "utf8");
