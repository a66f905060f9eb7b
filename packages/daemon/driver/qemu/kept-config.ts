/** A configuration that is kept for later: with memory, in a snapshot. */
import type { Domain } from "@vireo/model/domain/domain";
import { formatDomain } from "@vireo/model/domain/format-domain";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { storedDefinition } from "./definition.ts";
import type { QemuEnvironment } from "./environment.ts";
import { withoutChains } from "./live-disk.ts";

/**
 * Without what only the run had: ports and sockets that the daemon chose, and chains, which may be
 * others by then: the headers of the images tell.
 * @throws VireoError
 */
export async function keptConfig(env: QemuEnvironment, config: Domain): Promise<ResolvedDomain> {
  const xml = formatDomain(config, { secure: true });
  return withoutChains(await storedDefinition(env, xml));
}
