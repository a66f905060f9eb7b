/** Checkpoint XML to model and back. */
import { ErrorDomain } from "../error-catalogue.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import { parse } from "../schema/parse.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { readDocument } from "../xml/read-document.ts";
import { CheckpointXml, type CheckpointDisk } from "./checkpoint.ts";

/** What a client asks for. */
export type WrittenCheckpoint = Omit<CheckpointXml, "disks"> & {
  readonly disks: readonly CheckpointDisk[];
};

/** A checkpoint that is known: named and timed. */
export type Checkpoint = WrittenCheckpoint & {
  readonly name: string;
  readonly creationTime: number;
};

/** @throws VireoError as libvirt words it */
export function parseCheckpoint(xml: string): WrittenCheckpoint {
  const root = readDocument(xml, { root: "domaincheckpoint", label: "domain_checkpoint" });
  const issues: Issue[] = [];
  const { disks, ...rest } = parse(CheckpointXml, root, issues, { live: false });
  throwFirst(issues, ErrorDomain.domainCheckpoint);
  return { ...rest, disks: disks?.disks ?? [] };
}

/** The checkpoint's XML in libvirt's layout. */
export function formatCheckpoint(
  { disks, ...rest }: WrittenCheckpoint,
  { secure = false }: { readonly secure?: boolean } = {},
): string {
  const head = disks.length === 0 ? rest : { ...rest, disks: { disks } };
  return format(CheckpointXml, head, { live: false, secure, migratable: false });
}
