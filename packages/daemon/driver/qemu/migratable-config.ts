/** The running configuration as another host would begin with it. Pure. */
import { forgetDefaultPath } from "@vireo/model/domain/resolve/device-defaults-chardev";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { Paths } from "../../host/paths.ts";
import { channelPlaces } from "./command-context.ts";
import type { LiveDomain } from "./domain-view.ts";

/** With the CPU that was asked for, and without the sockets that are this host's. */
export function migratableConfig(
  { config, id, askedCpu }: LiveDomain,
  paths: Paths,
): ResolvedDomain & { readonly id: number } {
  const { devices } = config;
  const places = channelPlaces(paths);
  const channels = devices.channels?.map((one) => forgetDefaultPath(one, places));
  return {
    ...config,
    id,
    ...(askedCpu && { cpu: askedCpu }),
    devices: { ...devices, ...(channels && { channels }) },
  };
}
