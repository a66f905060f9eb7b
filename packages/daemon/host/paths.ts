/** Where everything lies on disk. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { hostError } from "./errno.ts";

export interface Paths {
  readonly etc: string;
  readonly lib: string;
  readonly log: string;
  readonly run: string;
  readonly cache: string;
  /** Persistent definitions, one file per domain. */
  readonly definitions: string;
  readonly autostart: string;
  /** The administrator's scripts that are told of what happens. */
  readonly hooks: string;
  /** Live status, one file per active domain. */
  readonly status: string;
  readonly monitor: string;
  readonly qemuLog: string;
  readonly qemuLib: string;
  readonly nvram: string;
  readonly save: string;
  /** Long operations that are under way. */
  readonly journal: string;
  /** One directory per domain that has snapshots. */
  readonly snapshots: string;
  /** One directory per domain that has checkpoints. */
  readonly checkpoints: string;
  /** Who has which address in which network, for others to read. */
  readonly leaseFiles: string;
  readonly capabilityCache: string;
  readonly autostarted: string;
  /** Held by the one daemon that serves this root. */
  readonly lock: string;
  readonly socket: string;
  readonly socketReadOnly: string;
  readonly socketAdmin: string;
  readonly socketHttp: string;
}

type Tops = Pick<Paths, "etc" | "lib" | "log" | "run" | "cache">;

const SYSTEM: Tops = {
  etc: "/etc/vireo",
  lib: "/var/lib/vireo",
  log: "/var/log/vireo",
  run: "/run/vireo",
  cache: "/var/cache/vireo",
};

/** Where libnss-libvirt and others look for who has which address: built into them. */
const LIBVIRT_LEASES = "/var/lib/libvirt/dnsmasq";

const under = (root: string): Tops => ({
  etc: join(root, "etc"),
  lib: join(root, "lib"),
  log: join(root, "log"),
  run: join(root, "run"),
  cache: join(root, "cache"),
});

/** Everything under `root`, which must be absolute, or the system's own places without one. */
export function pathsOf(root?: string): Paths {
  const tops = root === undefined ? SYSTEM : under(root);
  return {
    ...tops,
    definitions: join(tops.etc, "qemu"),
    autostart: join(tops.etc, "qemu/autostart"),
    hooks: join(tops.etc, "hooks"),
    status: join(tops.run, "qemu"),
    monitor: join(tops.run, "qemu/monitor"),
    qemuLog: join(tops.log, "qemu"),
    qemuLib: join(tops.lib, "qemu"),
    nvram: join(tops.lib, "qemu/nvram"),
    save: join(tops.lib, "qemu/save"),
    journal: join(tops.lib, "qemu/journal"),
    snapshots: join(tops.lib, "qemu/snapshot"),
    checkpoints: join(tops.lib, "qemu/checkpoint"),
    leaseFiles: root === undefined ? LIBVIRT_LEASES : join(tops.lib, "dnsmasq"),
    capabilityCache: join(tops.cache, "qemu/capabilities"),
    autostarted: join(tops.run, "autostarted"),
    lock: join(tops.run, "vireod.lock"),
    socket: join(tops.run, "vireo-sock"),
    socketReadOnly: join(tops.run, "vireo-sock-ro"),
    socketAdmin: join(tops.run, "vireo-admin-sock"),
    socketHttp: join(tops.run, "vireo-http-sock"),
  };
}

/** Where the daemon alone writes: not all of `lib`, below which there may be pools of any size and slowness. */
export const ownDirectories = ({ etc, run, cache, lib, qemuLib }: Paths): readonly string[] => [
  etc,
  run,
  cache,
  qemuLib,
  ...["access", "secrets", "dnsmasq", "storage-journal", "interface"].map((folder) =>
    join(lib, folder),
  ),
];

const PRIVATE = 0o700;
const PUBLIC = 0o755;

/**
 * Makes all directories. What holds secrets or sockets is for the owner only; `run` itself must be
 * passable because the read-only socket is for everybody.
 * @throws VireoError `systemError`
 */
export async function makeDirectories(paths: Paths): Promise<void> {
  const wanted: readonly (readonly [string, number])[] = [
    ...[paths.etc, paths.lib, paths.log, paths.run, paths.cache].map((p) => [p, PUBLIC] as const),
    ...[paths.definitions, paths.autostart, paths.status, paths.monitor].map(
      (p) => [p, PRIVATE] as const,
    ),
    ...[
      paths.qemuLog,
      paths.qemuLib,
      paths.nvram,
      paths.save,
      paths.journal,
      paths.snapshots,
      paths.checkpoints,
      paths.capabilityCache,
    ].map((p) => [p, PRIVATE] as const),
  ];
  for (const [path, mode] of wanted)
    await mkdir(path, { recursive: true, mode }).catch((error: unknown) => {
      throw hostError(`Cannot make directory '${path}'`, error);
    });
}
