/** Pool XML to model and back. */
import { ErrorDomain } from "../error-catalogue.ts";
import { virError, type VireoError } from "../error.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import { parse } from "../schema/parse.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { readDocument } from "../xml/read-document.ts";
import { cleanPath } from "./clean-path.ts";
import { POOL_KINDS, type PoolKind, type PoolNeed } from "./pool-kind.ts";
import { PoolSource } from "./pool-source.ts";
import { StoragePool, type WrittenPool } from "./pool.ts";

const from = ErrorDomain.storage;
const xmlError = (detail: string): VireoError => virError("xmlError", detail, { from });

type Source = NonNullable<WrittenPool["source"]>;

/** Parts that a kind of pool needs: whether they are there, and libvirt's complaint. */
const NEEDS: Readonly<
  Record<PoolNeed, { readonly has: (source: Source) => boolean; readonly complaint: string }>
> = {
  host: {
    has: ({ hosts = [] }) => hosts.length > 0,
    complaint: "missing storage pool source host name",
  },
  device: {
    has: ({ devices = [] }) => devices.length > 0,
    complaint: "missing storage pool source device name",
  },
  dir: { has: ({ dir }) => dir !== undefined, complaint: "missing storage pool source path" },
  name: {
    has: ({ name = "" }) => name !== "",
    complaint: "missing mandatory 'name' field for pool",
  },
  adapter: {
    has: ({ adapter }) => adapter !== undefined,
    complaint: "missing storage pool source adapter",
  },
  initiator: {
    has: ({ initiator }) => initiator?.iqn?.name !== undefined,
    complaint: "missing initiator IQN",
  },
};

function formatOf({ formats }: PoolKind, written: Source["format"]): Pick<Source, "format"> {
  if (formats === undefined) return {};
  const type = written?.type ?? formats.assumed;
  if (!formats.words.includes(type))
    throw virError("internalError", `unknown pool format type ${type}`, { from });
  return { format: { type } };
}

function directoryOf(
  { rootDir }: PoolKind,
  type: WrittenPool["type"],
  dir: Source["dir"],
): Pick<Source, "dir"> {
  if (dir === undefined) return rootDir === true ? { dir: { path: "/" } } : {};
  return { dir: type === "netfs" ? { path: cleanPath(dir.path) } : dir };
}

function placedSource(kind: PoolKind, { source = {}, name, type }: WrittenPool): Source {
  const { format, dir, adapter, name: written, ...rest } = source;
  const sourceName = written ?? (kind.nameless === true ? name : undefined);
  return {
    ...rest,
    ...formatOf(kind, format),
    ...directoryOf(kind, type, dir),
    ...(sourceName === undefined ? {} : { name: sourceName }),
    ...(adapter === undefined ? {} : { adapter: { type: "scsi_host", ...adapter } }),
  };
}

function placedTarget(kind: PoolKind, { target }: WrittenPool, source: Source) {
  const path = kind.targetOf?.(source.name ?? "") ?? target?.path;
  if (path === undefined || path === "") throw xmlError("missing storage pool target path");
  return { ...target, path: cleanPath(path) };
}

/** Defaults by kind of pool. @throws VireoError */
function placed(written: WrittenPool, newUuid: () => string): StoragePool {
  const kind = POOL_KINDS[written.type];
  const name = written.name ?? written.source?.name;
  if (name === undefined || name === "") throw xmlError("missing pool source name element");
  if (name.includes("/")) throw xmlError(`name ${name} cannot contain '/'`);
  const source = placedSource(kind, { ...written, name });
  const missing = kind.needs.find((need) => !NEEDS[need].has(source));
  if (missing === "name" && written.type === "rbd")
    throw xmlError("element 'name' is mandatory for RBD pool");
  if (missing !== undefined) throw xmlError(NEEDS[missing].complaint);
  const { target: _target, source: _source, ...rest } = written;
  return {
    ...rest,
    name,
    uuid: written.uuid ?? newUuid(),
    capacity: 0,
    allocation: 0,
    available: 0,
    source,
    ...(kind.target ? { target: placedTarget(kind, written, source) } : {}),
  };
}

export interface ParsedPool {
  readonly pool: StoragePool;
  readonly issues: readonly Issue[];
}

/**
 * Reads a pool's XML and fills in what its kind implies. Sizes in it mean nothing.
 * @throws VireoError as libvirt words it
 */
export function parsePool(xml: string, newUuid: () => string): ParsedPool {
  const root = readDocument(xml, { root: "pool", label: "storage_pool_definition" });
  const issues: Issue[] = [];
  const written = parse(StoragePool, root, issues);
  throwFirst(issues, from);
  return { pool: placed(written, newUuid), issues };
}

/** What is known of pools that are looked for. @throws VireoError as libvirt words it */
export function parseSource(xml: string): PoolSource {
  const root = readDocument(xml, { root: "source", label: "storage_source_specification" });
  const issues: Issue[] = [];
  const source = parse(PoolSource, root, issues);
  throwFirst(issues, from);
  return source;
}

/** The pools that were found, as a list of their sources. */
export const formatSources = (sources: readonly PoolSource[]): string =>
  [
    "<sources>",
    ...sources.map((source) => indented(format(PoolSource, source))),
    "</sources>",
    "",
  ].join("\n");

const indented = (text: string): string => text.trimEnd().replaceAll(/^/gm, "  ");

/** The pool's XML in libvirt's layout. */
export const formatPool = (pool: StoragePool): string => format(StoragePool, pool);
