/** Which pages and which host nodes a piece of guest memory comes from. */
import { virError } from "@vireo/model/error";
import type { CommandContext } from "./context.ts";
import type { CommandInput } from "./input.ts";

type Domain = CommandInput["domain"];

/** Size in KiB of the huge pages for a guest node; undefined: ordinary pages. */
export function hugepageKiB(
  domain: Domain,
  node: number,
  context: CommandContext,
  asked?: number,
): number | undefined {
  const size = asked ?? configuredPageKiB(domain, node, context);
  return size === context.host.pageSizeKiB ? undefined : size;
}

function configuredPageKiB(
  domain: Domain,
  node: number,
  context: CommandContext,
): number | undefined {
  const hugepages = domain.memoryBacking?.hugepages;
  if (hugepages === undefined) return undefined;
  const pages = hugepages.pages ?? [];
  if (pages.length === 0) return defaultPageKiB(context);
  const own = pages.find((page) => page.nodeset?.includes(node) === true);
  const page = own ?? pages.find((one) => one.nodeset === undefined);
  if (page === undefined) return undefined;
  return page.sizeKiB === undefined || page.sizeKiB === 0 ? defaultPageKiB(context) : page.sizeKiB;
}

function defaultPageKiB({ hugepageMounts }: CommandContext): number {
  const mount = hugepageMounts.find((one) => one.default === true) ?? hugepageMounts[0];
  if (mount === undefined)
    throw virError(
      "internalError",
      "hugetlbfs filesystem is not mounted or disabled by administrator config",
    );
  return mount.sizeKiB;
}

export interface HostNodes {
  readonly hostNodes?: readonly number[];
  readonly policy?: string;
}

/** Nodes of `<numatune>` for a guest node, or for the whole guest; `asked` comes from a memory device. */
export function hostNodes(
  domain: Domain,
  node: number | undefined,
  context: CommandContext,
  asked?: readonly number[],
): HostNodes {
  const tune = domain.numatune;
  const own = node === undefined ? undefined : tune?.memnodes?.find((one) => one.cellid === node);
  const mode = own?.mode ?? tune?.memory?.mode ?? "strict";
  if (mode === "restrictive") return {};
  const automatic = tune?.memory?.placement === "auto" ? context.host.autoNodeset : undefined;
  const nodes = asked ?? own?.nodeset ?? tune?.memory?.nodeset ?? automatic;
  if (nodes === undefined) return {};
  checkAvailable(nodes, context);
  return { hostNodes: nodes, policy: mode };
}

function checkAvailable(nodes: readonly number[], { host }: CommandContext): void {
  const missing = nodes.find((node) => host.numaNodes?.includes(node) !== true);
  if (missing !== undefined)
    throw virError("configUnsupported", `NUMA node ${missing} is unavailable`);
}
