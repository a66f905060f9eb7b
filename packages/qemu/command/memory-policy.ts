/** Which pages and which host nodes a piece of guest memory comes from. */
import { virError } from "@vireo/model/error";
import type { CommandContext } from "./context.ts";
import type { CommandInput } from "./input.ts";

/** Where the definition and the facts come from. */
type Place = Pick<CommandInput, "domain" | "context">;

/** Size in KiB of the huge pages for a guest node; undefined: ordinary pages. `asked` comes from a memory device. */
export function hugepageKiB(place: Place, node: number, asked?: number): number | undefined {
  const size = asked ?? configuredPageKiB(place, node);
  return size === place.context.host.pageSizeKiB ? undefined : size;
}

function configuredPageKiB({ domain, context }: Place, node: number): number | undefined {
  const hugepages = domain.memoryBacking?.hugepages;
  if (hugepages === undefined) return undefined;
  const pages = hugepages.pages ?? [];
  if (pages.length === 0) return defaultPageKiB(context);
  const own = pages.find((page) => page.nodeset?.includes(node) === true);
  const page = own ?? pages.find((one) => one.nodeset === undefined);
  if (page === undefined) return undefined;
  return page.sizeKiB === 0 ? defaultPageKiB(context) : page.sizeKiB;
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

/** Nodes for the whole guest; numad's advice when it was asked for. */
function generalNodes({ domain, context }: Place): readonly number[] | undefined {
  const general = domain.numatune?.memory;
  const advised = general?.placement === "auto" ? context.host.autoNodeset : undefined;
  return general?.nodeset ?? advised;
}

/** Nodes of `<numatune>` for a guest node, or for the whole guest; `asked` comes from a memory device. */
export function hostNodes(
  place: Place,
  node: number | undefined,
  asked?: readonly number[],
): HostNodes {
  const tune = place.domain.numatune;
  const own = tune?.memnodes?.find((one) => one.cellid === node);
  const { mode: policy = "strict" } = own ?? tune?.memory ?? {};
  const nodes = asked ?? own?.nodeset ?? generalNodes(place);
  if (policy === "restrictive" || nodes === undefined) return {};
  checkAvailable(nodes, place.context);
  return { hostNodes: nodes, policy };
}

function checkAvailable(nodes: readonly number[], { host }: CommandContext): void {
  const missing = nodes.find((node) => host.numaNodes?.includes(node) !== true);
  if (missing !== undefined)
    throw virError("configUnsupported", `NUMA node ${missing} is unavailable`);
}
