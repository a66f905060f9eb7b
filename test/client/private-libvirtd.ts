/**
 * A libvirtd of our own: in a mount and network namespace, so that neither the host's libvirtd, nor
 * its files, nor its bridges notice. Only its sockets are visible outside, in a temporary directory.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

const LIBVIRTD = "/usr/sbin/libvirtd";
const START_MS = 60_000;
/** What libvirtd keeps in fixed places; each is an empty file system inside the namespace. */
const HIDDEN = ["/run/libvirt", "/etc/libvirt", "/var/lib/libvirt", "/var/cache/libvirt"];

/** Why no libvirtd can be started here; undefined when it can. */
export function libvirtdMissing(): string | undefined {
  if (!existsSync(LIBVIRTD)) return `${LIBVIRTD} is not installed`;
  return process.getuid?.() === 0
    ? undefined
    : "only root can give libvirtd a namespace of its own";
}

/** A running libvirtd. */
export interface PrivateLibvirtd extends AsyncDisposable {
  /** Its read-write socket. */
  readonly socket: string;
  /** Its read-only socket. */
  readonly readOnlySocket: string;
  /** A directory that it and the test both see. */
  readonly directory: string;
}

/** Start one; resolves when it answers. It stops when disposed of. */
export async function startLibvirtd(): Promise<PrivateLibvirtd> {
  const directory = await mkdtemp(`${tmpdir()}/vireo-libvirtd-`);
  const pidFile = `${directory}/pid`;
  await writeFile(`${directory}/conf`, configuration(directory));
  const mounts = HIDDEN.map((path) => `mkdir -p ${path} && mount -t tmpfs tmpfs ${path}`);
  // with -d the command returns when the daemon is ready
  const script = [...mounts, `exec ${LIBVIRTD} -d -f "$1/conf" -p "$1/pid"`].join(" && ");
  await run(
    "unshare",
    ["-m", "-n", "--propagation", "private", "sh", "-c", script, "sh", directory],
    {
      timeout: START_MS,
    },
  );
  const pid = Number(await readFile(pidFile, "utf8"));
  return {
    socket: `${directory}/libvirt-sock`,
    readOnlySocket: `${directory}/libvirt-sock-ro`,
    directory,
    [Symbol.asyncDispose]: async () => {
      process.kill(pid);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const configuration = (directory: string): string =>
  [
    `unix_sock_dir = "${directory}"`,
    'auth_unix_rw = "none"',
    'auth_unix_ro = "none"',
    `log_outputs = "3:file:${directory}/log"`,
    "",
  ].join("\n");
