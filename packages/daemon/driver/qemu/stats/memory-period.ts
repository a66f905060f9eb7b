/** How often QEMU asks the guest's balloon driver. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { JsonObject } from "@vireo/qemu/json";
import { balloonPath } from "./balloon-path.ts";

interface Asking {
  readonly execute: (command: string, args: JsonObject) => Promise<unknown>;
}

/** In seconds, 0 for never. @throws VireoError when QEMU refuses */
export async function setMemoryPeriod(
  config: ResolvedDomain,
  seconds: number,
  asking: Asking,
): Promise<void> {
  const path = balloonPath(config);
  if (path === undefined) return;
  const property = "guest-stats-polling-interval";
  await asking.execute("qom-set", { path, property, value: seconds });
}

/** As the definition of a guest that starts wants it; QEMU by itself does not ask. */
export async function beginMemoryStats(config: ResolvedDomain, asking: Asking): Promise<void> {
  const seconds = config.devices.memballoon?.stats?.period ?? 0;
  if (seconds > 0) await setMemoryPeriod(config, seconds, asking);
}
