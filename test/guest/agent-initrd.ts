/** The test guest with Debian's real QEMU guest agent in it: a second archive behind the first one. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildGuest } from "./build-guest.ts";
import { cpioArchive, S_IFDIR, S_IFLNK, S_IFREG, type CpioEntry } from "./cpio.ts";
import { findKernel, loadModules } from "./kernel.ts";

/** This machine's own agent, else the package that tools/setup.sh unpacked without installing it. */
const AGENTS = [
  "/usr/sbin/qemu-ga",
  join(import.meta.dirname, "../../.cache/agent/usr/sbin/qemu-ga"),
];
const KERNEL_ROOTS = ["/", join(import.meta.dirname, "../../.cache/kernel")];
const LOADER = "/lib64/ld-linux-x86-64.so.2";
const LDD_TIMEOUT_MS = 5000;
/** A file system that can be frozen. */
const MODULES = ["ext4"];

const directory = (path: string): CpioEntry => ({ path, mode: S_IFDIR | 0o755 });
const file = (path: string, data: Uint8Array | string, mode = 0o644): CpioEntry => ({
  path,
  mode: S_IFREG | mode,
  data,
});

/** The shared libraries of a program, by the path that its loader finds them at. */
function librariesOf(program: string): readonly string[] {
  const said = execFileSync("ldd", [program], { encoding: "utf8", timeout: LDD_TIMEOUT_MS });
  return Array.from(said.matchAll(/=> (\/\S+)/g), ([, path]) => path ?? "");
}

function archive(agent: string): Buffer {
  const modules = loadModules(findKernel(KERNEL_ROOTS), MODULES);
  return cpioArchive([
    ...["sbin", "lib64", "root", "var", "var/log", "usr", "usr/lib"].map(directory),
    file("bin/qemu-ga", readFileSync(agent), 0o755),
    file(LOADER.slice(1), readFileSync(LOADER), 0o755),
    ...librariesOf(agent).map((path) =>
      file(`usr/lib/${basename(path)}`, readFileSync(path), 0o755),
    ),
    { path: "lib/x86_64-linux-gnu", mode: S_IFLNK | 0o777, data: "../usr/lib" },
    file("etc/agent.sh", readFileSync(join(import.meta.dirname, "agent.sh")), 0o755),
    file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"),
    file("etc/group", "root:x:0:\n"),
    file("etc/shadow", "root:*:19000:0:99999:7:::\n", 0o600),
    file(
      "etc/os-release",
      'ID=vireo-guest\nNAME="Vireo guest"\nPRETTY_NAME="Vireo test guest 1"\nVERSION_ID="1"\n',
    ),
    ...modules.map(({ name, content }) => file(`lib/modules/${name}`, content)),
    file("lib/modules/agent-order", modules.map(({ name }) => `${name}\n`).join("")),
  ]);
}

/** Path of the initrd with the agent; `undefined` when this machine has no qemu-ga to pack. */
export function agentInitrd(): string | undefined {
  const agent = AGENTS.find((path) => existsSync(path));
  if (agent === undefined) return undefined;
  const { initrd } = buildGuest();
  const path = `${initrd}-agent`;
  if (existsSync(path)) return path;
  const draft = `${path}.${process.pid}`;
  writeFileSync(
    draft,
    Buffer.concat([readFileSync(initrd), gzipSync(archive(agent), { level: 6 })]),
  );
  renameSync(draft, path);
  return path;
}
