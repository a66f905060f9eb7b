/** What translating one device needs besides the device. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { CapabilitiesView } from "../command/capabilities-view.ts";
import type { CommandContext } from "../command/context.ts";
import type { FdSource } from "../command/fd-needs.ts";

export interface DeviceScope {
  readonly domain: ResolvedDomain;
  readonly caps: CapabilitiesView;
  readonly context: CommandContext;
  readonly fds: FdSource;
  /** Path of the device in the model: `/domain/devices/disk[1]`. */
  readonly origin: string;
}
