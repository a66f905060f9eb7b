/** What every piece of the command line is written from. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { CapabilitiesView } from "./capabilities-view.ts";
import type { CommandContext } from "./context.ts";
import type { FdNeeds } from "./fd-needs.ts";

export interface CommandInput {
  readonly domain: ResolvedDomain;
  readonly caps: CapabilitiesView;
  readonly context: CommandContext;
  readonly fds: FdNeeds;
}
