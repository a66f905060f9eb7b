/** Snapshot XML to model and back. */
import { checkParsedDomain } from "../domain/check/check-parsed.ts";
import type { Domain } from "../domain/domain.ts";
import { ErrorDomain } from "../error-catalogue.ts";
import { virError } from "../error.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import { parse } from "../schema/parse.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { readDocument } from "../xml/read-document.ts";
import type { XmlElement } from "../xml/tree.ts";
import { BareSnapshot, type SnapshotDisk, WholeSnapshot } from "./snapshot.ts";

/** What a client asks for, or says of a snapshot that it knows. */
export type WrittenSnapshot = Omit<BareSnapshot, "disks" | "domain"> & {
  readonly disks: readonly SnapshotDisk[];
  readonly domain?: Domain | undefined;
  readonly inactiveDomain?: Domain | undefined;
  /** UUID of the domain, when that is all that is said of it. */
  readonly domainUuid?: string | undefined;
};

/** A snapshot that is known: named, timed, with the domain as it was. */
export type Snapshot = WrittenSnapshot & {
  readonly name: string;
  readonly state: NonNullable<WrittenSnapshot["state"]>;
  readonly creationTime: number;
};

type Written = Readonly<Record<string, unknown>>;
const saysSomething = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;

/** Without what says nothing. */
const without = (written: Written, ...keys: readonly string[]): Written =>
  Object.fromEntries(
    Object.entries(written).filter(([key, value]) => !keys.includes(key) || saysSomething(value)),
  );

/** An external one is a file unless something else is said; a mode follows from a place. */
function placed(disk: SnapshotDisk): SnapshotDisk {
  const { source }: Written = disk;
  const mode = disk.snapshot ?? (source === undefined ? undefined : "external");
  if (source !== undefined && mode !== "external")
    throw virError(
      "xmlError",
      `disk snapshot '${disk.name}' can have a source only when it is external`,
    );
  const type = mode === "external" && disk.type === "unset" ? "file" : disk.type;
  const snapshot = mode === undefined ? {} : { snapshot: mode };
  // the source stays with its type; `unset` reads as `file`
  return { ...without(disk, "source", "driver"), ...snapshot, type } as SnapshotDisk;
}

function checkMemory({ memory, state }: Pick<WrittenSnapshot, "memory" | "state">): void {
  if (memory?.file !== undefined && memory.snapshot !== undefined && memory.snapshot !== "external")
    throw virError("xmlError", `memory filename '${memory.file}' requires external snapshot`);
  if (memory?.snapshot === "external" && memory.file === undefined)
    throw virError("xmlError", "external memory snapshots require a filename");
  if (state === "disk-snapshot" && memory?.snapshot !== undefined && memory.snapshot !== "no")
    throw virError("xmlError", "memory state cannot be saved with disk-only snapshot");
}

const isWhole = (root: XmlElement): boolean =>
  root.children.some(({ name, attributes }) => name === "domain" && attributes.has("type"));

export interface ParsedSnapshot {
  readonly snapshot: WrittenSnapshot;
  /** What was not understood; schema validation refuses it. */
  readonly issues: readonly Issue[];
}

/**
 * Reads a snapshot's XML.
 * @throws VireoError as libvirt words it
 */
export function parseSnapshot(xml: string): ParsedSnapshot {
  const root = readDocument(xml, {
    root: "domainsnapshot",
    label: "domain_snapshot",
  });
  const issues: Issue[] = [];
  const snapshot = isWhole(root) ? readWhole(root, issues) : readBare(root, issues);
  checkMemory(snapshot);
  return { snapshot, issues };
}

function readWhole(root: XmlElement, issues: Issue[]): WrittenSnapshot {
  const { disks, ...rest } = parse(WholeSnapshot, root, issues, { live: false });
  throwFirst(issues, ErrorDomain.domainSnapshot);
  if (rest.domain !== undefined) checkParsedDomain(rest.domain);
  return { ...rest, ...memoryOf(rest), disks: (disks?.disks ?? []).map(placed) };
}

function readBare(root: XmlElement, issues: Issue[]): WrittenSnapshot {
  const { disks, domain, ...rest } = parse(BareSnapshot, root, issues, { live: false });
  throwFirst(issues, ErrorDomain.domainSnapshot);
  return {
    ...rest,
    ...memoryOf(rest),
    disks: (disks?.disks ?? []).map(placed),
    ...(domain?.uuid === undefined ? {} : { domainUuid: domain.uuid }),
  };
}

/** A file alone says that the memory is external. */
const memoryOf = ({ memory }: Pick<WrittenSnapshot, "memory">): Pick<WrittenSnapshot, "memory"> =>
  memory?.file !== undefined && memory.snapshot === undefined
    ? { memory: { ...memory, snapshot: "external" } }
    : {};

/** The snapshot's XML in libvirt's layout. */
export function formatSnapshot(
  snapshot: WrittenSnapshot,
  { secure = false }: { readonly secure?: boolean } = {},
): string {
  const view = { live: false, secure, migratable: false };
  const { disks, domain, inactiveDomain, domainUuid, ...rest } = snapshot;
  const head = { ...rest, ...(disks.length === 0 ? {} : { disks: { disks } }) };
  if (domain === undefined) {
    const bare = domainUuid === undefined ? head : { ...head, domain: { uuid: domainUuid } };
    return emptyOr(format(BareSnapshot, bare, view));
  }
  const whole = { ...head, domain, ...(inactiveDomain && { inactiveDomain }) };
  return format(WholeSnapshot, whole, view);
}

const emptyOr = (printed: string): string => (printed === "" ? "<domainsnapshot/>\n" : printed);
