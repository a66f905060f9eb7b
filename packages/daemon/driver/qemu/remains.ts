/** What one run of a domain leaves on the host, and its removal. */
import { rm } from "node:fs/promises";
import type { Paths } from "../../host/paths.ts";
import { signalProcess } from "../../host/process.ts";
import { removeSocket } from "../../host/unix-listener.ts";
import { channelDirectory, domainDirectory, shortNameOf } from "./command-context.ts";
import type { LiveDomain } from "./domain-view.ts";
import type { Chardev } from "./live-config.ts";

/** Sockets that we listened on for QEMU, which does not know their files. */
function listeningPaths({ config }: LiveDomain): readonly string[] {
  const { serials = [], parallels = [], consoles = [], channels = [] } = config.devices;
  const all: readonly Chardev[] = [...serials, ...parallels, ...consoles, ...channels];
  return all.flatMap((device) =>
    device.type === "unix" && device.source?.mode === "bind" && device.source.path !== undefined
      ? [device.source.path]
      : [],
  );
}

/** Clears away after the process has ended; tap devices went with it. */
export async function clearRemains(
  live: LiveDomain,
  { paths, report }: { paths: Paths; report: (what: string, error: unknown) => void },
): Promise<void> {
  const shortName = shortNameOf(live.id, live.config.name);
  for (const companion of live.companions) signalProcess(companion, "SIGTERM");
  for (const path of listeningPaths(live)) {
    try {
      removeSocket(path);
    } catch (error) {
      report(`socket ${path}`, error);
    }
  }
  const directories = [domainDirectory(paths, shortName), channelDirectory(paths, shortName)];
  await Promise.all(
    directories.map((path) =>
      rm(path, { recursive: true, force: true }).catch((error: unknown) =>
        report(`directory ${path}`, error),
      ),
    ),
  );
}
