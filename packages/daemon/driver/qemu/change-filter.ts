/** Puts another packet filter on a card that a running domain has. */
import { isDeepStrictEqual } from "node:util";
import { virError } from "@vireo/model/error";
import type { Interface } from "@vireo/model/domain/device/interface";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { PacketFilters } from "../contract.ts";
import { filterLink, isDirect } from "./guest-links.ts";

export interface FilterChange {
  readonly old: Interface;
  readonly wanted: Interface;
}

const FILTERED: readonly string[] = ["ethernet", "network", "bridge"];

/** Of other kinds of cards it is not read, in definitions neither. */
const filterOf = ({ type, filterRef }: Interface): Interface["filterRef"] =>
  FILTERED.includes(type) ? filterRef : undefined;

/** The card with the filter of another. */
export function withFilter(net: Interface, other: Interface): Interface {
  const { filterRef: _old, ...rest } = net;
  const filterRef = filterOf(other);
  return { ...rest, ...(filterRef && { filterRef }) } as Interface; // of the same type
}

/**
 * The old rules hold until the new ones do, and still do when those cannot be had.
 * @throws VireoError `operationUnsupported`, `operationFailed` in libvirt's words
 */
export async function changeFilter(
  filters: PacketFilters | undefined,
  config: ResolvedDomain,
  { old, wanted }: FilterChange,
): Promise<void> {
  if (isDeepStrictEqual(old.filterRef, filterOf(wanted))) return;
  if (!FILTERED.includes(old.type) || isDirect(old))
    throw virError(
      "operationUnsupported",
      `filters not supported on interfaces of type ${isDirect(old) ? "direct" : old.type}`,
    );
  const put = async (net: Interface): Promise<void> =>
    net.filterRef === undefined
      ? filters?.unbind(net.target?.dev ?? "", config.uuid)
      : filterLink(net, config, filters);
  try {
    await put(withFilter(old, wanted));
  } catch (cause) {
    throw virError(
      "operationFailed",
      `failed to add new filter rules to '${old.target?.dev ?? ""}' - attempting to restore old rules`,
      { cause },
    );
  }
}
