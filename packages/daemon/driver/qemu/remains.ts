/** What one run of a domain leaves on the host, and its removal. */
import { rm } from "node:fs/promises";
import { signalProcess } from "../../host/process.ts";
import { removeSocket } from "../../host/unix-listener.ts";
import { channelDirectory, domainDirectory, shortNameOf } from "./command-context.ts";
import { hostHugepageMounts } from "./context-facts.ts";
import { hugepageDirectories } from "./hugepage-directory.ts";
import { logPathOf, noteInLog } from "./guest-log.ts";
import type { QemuEnvironment } from "./environment.ts";
import { releaseDevices } from "./assigned-devices.ts";
import { releaseLink } from "./guest-links.ts";
import { clearPassts } from "./nic/passt.ts";
import { removePid } from "./pid-file.ts";
import { cgroupOf } from "./tune/resources.ts";
import type { LiveDomain } from "./domain-view.ts";
import type { Chardev } from "./live-config.ts";

/** Sockets that we listened on for QEMU, which does not know their files. */
export function listeningPaths({ config }: Pick<LiveDomain, "config">): readonly string[] {
  const { serials = [], parallels = [], consoles = [], channels = [] } = config.devices;
  const all: readonly Chardev[] = [...serials, ...parallels, ...consoles, ...channels];
  return all.flatMap((device) =>
    device.type === "unix" && device.source?.mode === "bind" && device.source.path !== undefined
      ? [device.source.path]
      : [],
  );
}

interface Clearing {
  readonly env: Pick<
    QemuEnvironment,
    "paths" | "perf" | "cgroups" | "networks" | "filters" | "owners" | "devices"
  >;
  /** Why the domain ended, for its log. */
  readonly reason: string;
  readonly report: (what: string, error: unknown) => void;
}

/** Clears away after the process has ended; tap devices went with it, but not all that was behind them. */
export async function clearRemains(
  live: LiveDomain,
  { env, reason, report }: Clearing,
): Promise<void> {
  const { paths } = env;
  const shortName = shortNameOf(live.id, live.config.name);
  env.perf.drop(live.process);
  for (const companion of live.companions) signalProcess(companion, "SIGTERM");
  for (const path of listeningPaths(live)) {
    try {
      removeSocket(path);
    } catch (error) {
      report(`socket ${path}`, error);
    }
  }
  const directories = [
    domainDirectory(paths, shortName),
    channelDirectory(paths, shortName),
    ...hugepageDirectories(hostHugepageMounts(), shortName),
  ];
  const works = [
    noteInLog(logPathOf(paths, live.config.name), `shutting down, reason=${reason}`),
    cgroupOf(env, live).remove(),
    removePid(paths, live.config.name),
    clearPassts(paths, shortName),
    env.owners?.release(live.config.uuid) ?? Promise.resolve(),
    ...(live.config.devices.interfaces ?? []).map((net) =>
      releaseLink(net, {
        networks: env.networks,
        filters: env.filters,
        owner: live.config.uuid,
        report: (error) => report("network card", error),
      }),
    ),
    releaseDevices(env, live.config, (error) => report("place in a network", error)),
    ...directories.map((path) => rm(path, { recursive: true, force: true })),
  ];
  for (const result of await Promise.allSettled(works))
    if (result.status === "rejected") report("clearing up", result.reason);
}
