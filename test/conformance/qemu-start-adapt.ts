/** A command line of the mock environment, made to run on this host: same devices, other back ends. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { CommandArg } from "@vireo/qemu/command/argument";

type Fields = Record<string, unknown>;

const IMAGE_SIZE = "4M";

/** Formats qemu-img can make; a node of any other becomes raw. */
const MADE = new Set(["qcow2", "qcow", "vmdk", "qed"]);

function makeImage(path: string, format: string): void {
  execFileSync("qemu-img", ["create", "-q", "-f", format, path, IMAGE_SIZE], { timeout: 20_000 });
}

/** Every storage node becomes a file of its own, in the format of the node on top of it. */
function adaptBlockdev(node: Fields, formats: ReadonlyMap<unknown, string>, dir: string): Fields {
  const name = String(node["node-name"]);
  const { file, encrypt: _encrypt, ...rest } = node;
  if (file !== undefined) {
    const {
      "key-secret": _key,
      "cache-size": _size,
      offset: _offset,
      size: _bytes,
      ...plain
    } = rest;
    const driver = String(node["driver"]);
    return {
      ...plain,
      driver: MADE.has(driver) || driver === "copy-on-read" ? driver : "raw",
      file,
    };
  }
  const path = join(dir, `${name}.img`);
  makeImage(path, formats.get(name) ?? "raw");
  return {
    driver: "file",
    filename: path,
    "node-name": name,
    "auto-read-only": true,
    discard: "unmap",
    ...(node["read-only"] === undefined ? {} : { "read-only": node["read-only"] }),
  };
}

/** This host has one NUMA node and no huge pages. */
function adaptObject(object: Fields, dir: string): Fields | undefined {
  const type = String(object["qom-type"]);
  if (type === "thread-context" || type === "tls-creds-x509" || type === "sev-guest")
    return undefined;
  if (!type.startsWith("memory-backend")) return object;
  const {
    "host-nodes": _nodes,
    policy: _policy,
    prealloc: _prealloc,
    "prealloc-threads": _threads,
    "prealloc-context": _context,
    hugetlb: _huge,
    hugetlbsize: _hugeSize,
    ...rest
  } = object;
  if (rest["mem-path"] !== undefined) rest["mem-path"] = join(dir, `${String(rest["id"])}.mem`);
  return rest;
}

/** Whatever it was connected to, it is a user network now. */
const adaptNetdev = ({ id, guestfwd }: Fields): Fields => ({
  type: "user",
  id,
  ...(guestfwd === undefined ? {} : { guestfwd }),
});

function adaptChardev(value: string): string {
  const id = /(?:^|,)id=([^,]+)/.exec(value)?.[1] ?? "";
  const ours = /^(pty|null|vc|stdio|ringbuf|file|qemu-vdagent)(,|$)/.test(value);
  const listening = value.includes("fd=") && value.includes("server=on");
  return ours || listening ? value : `null,id=${id}`;
}

/** Without certificates there is no TLS; sockets live in the case's own directory. */
function adaptSpice(value: string, dir: string): string {
  const rest = value
    .split(",")
    .filter(
      (part) =>
        !/^(port|tls-port|x509-dir|tls-channel|plaintext-channel|addr|unix|sasl)(=|$)/.test(part),
    );
  return ["unix=on", `addr=${join(dir, "spice.sock")}`, ...rest].join(",");
}

const DROPPED = new Set(["-kernel", "-initrd", "-append", "-bios", "-dtb", "-acpitable"]);

function adaptText(arg: CommandArg, dir: string): CommandArg | undefined {
  const { option, value = "" } = arg;
  if (DROPPED.has(option)) return undefined;
  switch (option) {
    case "-accel":
      return { ...arg, value: "tcg" };
    case "-cpu":
      return { ...arg, value: value.replace(/^host\b/, "max") };
    case "-machine":
      return { ...arg, value: value.replace(/,confidential-guest-support=\w+/, "") };
    case "-chardev":
      return { ...arg, value: adaptChardev(value) };
    case "-vnc":
      return { ...arg, value: `none${/,audiodev=\w+/.exec(value)?.[0] ?? ""}` };
    case "-spice":
      return { ...arg, value: adaptSpice(value, dir) };
    case "-fsdev": {
      const path = join(dir, "fs");
      mkdirSync(path, { recursive: true });
      return { ...arg, value: value.replace(/path=[^,]*/, `path=${path}`) };
    }
    default:
      return arg;
  }
}

const json = (arg: CommandArg): Fields | undefined =>
  arg.value?.startsWith("{") === true ? (JSON.parse(arg.value) as Fields) : undefined;

function formatsOf(args: readonly CommandArg[]): ReadonlyMap<unknown, string> {
  const formats = new Map<unknown, string>();
  for (const arg of args) {
    const node = arg.option === "-blockdev" ? json(arg) : undefined;
    const driver = String(node?.["driver"]);
    if (node?.["file"] !== undefined) formats.set(node["file"], MADE.has(driver) ? driver : "raw");
  }
  return formats;
}

/** The arguments with back ends this host has. `dir` is the case's own directory. */
export function adapted(args: readonly CommandArg[], dir: string): readonly CommandArg[] {
  const formats = formatsOf(args);
  return args.flatMap((arg): readonly CommandArg[] => {
    const fields = json(arg);
    if (fields === undefined) {
      const text = adaptText(arg, dir);
      return text === undefined ? [] : [text];
    }
    const value =
      arg.option === "-blockdev"
        ? adaptBlockdev(fields, formats, dir)
        : arg.option === "-object"
          ? adaptObject(fields, dir)
          : arg.option === "-netdev"
            ? adaptNetdev(fields)
            : fields;
    return value === undefined ? [] : [{ ...arg, value: rewrite(arg.value ?? "", fields, value) }];
  });
}

/** Numbers beyond 2^53 survive only in text that was not parsed. */
const rewrite = (text: string, before: Fields, after: Fields): string =>
  before === after ? text : JSON.stringify(after);
