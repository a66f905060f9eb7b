/** `<domainbackup>`: a backup of disks that is made, or offered to be fetched. */
import { IMAGE_FORMATS } from "../domain/device/disk-chain.ts";
import { ErrorDomain } from "../error-catalogue.ts";
import { element, type Infer } from "../schema/element.ts";
import { format } from "../schema/format.ts";
import type { Issue } from "../schema/issue.ts";
import { attr, child, children, requiredAttr, text } from "../schema/member.ts";
import { parse } from "../schema/parse.ts";
import { oneOf, string, uint, yesNo } from "../schema/scalar.ts";
import { throwFirst } from "../schema/throw-first.ts";
import { readDocument } from "../xml/read-document.ts";

const place = {
  file: attr(string, { doc: "Absolute path of a file." }),
  dev: attr(string, { doc: "Path of a block device." }),
};

const BackupDisk = element("disk", "What becomes of a disk.", {
  name: requiredAttr(string, { doc: "Target of the disk." }),
  backup: attr(yesNo, { doc: "Whether it is part of the backup." }),
  type: attr(oneOf("file", "block"), { doc: "Kind of storage of target or scratch." }),
  mode: attr(oneOf("full", "incremental"), { name: "backupmode", doc: "All of it, or changes." }),
  incremental: attr(string, { doc: "Checkpoint since which changes count." }),
  exportName: attr(string, { name: "exportname", doc: "Name of the NBD export." }),
  exportBitmap: attr(string, { name: "exportbitmap", doc: "Name of the exported bitmap." }),
  index: attr(uint, { doc: "Number of the image in QEMU.", show: "live", omit: 0 }),
  driver: child(
    element("driver", "Format.", { type: attr(oneOf(...IMAGE_FORMATS), { doc: "Format." }) }),
    { doc: "Format of the image." },
  ),
  target: child(element("target", "Where the backup goes.", place), { doc: "For push." }),
  scratch: child(element("scratch", "Where overwritten data waits.", place), { doc: "For pull." }),
});
export type BackupDisk = Infer<typeof BackupDisk>;

const Backup = element("domainbackup", "A backup.", {
  mode: attr(oneOf("push", "pull"), { doc: "We write it, or clients fetch it." }),
  incremental: text(string, { doc: "Checkpoint since which changes count." }),
  server: child(
    element("server", "Where NBD is served.", {
      transport: attr(oneOf("tcp", "unix"), { doc: "Kind of socket." }),
      tls: attr(yesNo, { doc: "Encrypt." }),
      name: attr(string, { doc: "Address." }),
      port: attr(uint, { doc: "Port.", omit: 0 }),
      socket: attr(string, { doc: "Path of a unix socket." }),
    }),
    { doc: "Where NBD is served." },
  ),
  disks: child(element("disks", "Disks.", { disks: children(BackupDisk, { doc: "A disk." }) }), {
    doc: "What becomes of each disk.",
  }),
});
export type Backup = Infer<typeof Backup>;

/** @throws VireoError as libvirt words it */
export function parseBackup(xml: string): Backup {
  const root = readDocument(xml, { root: "domainbackup", label: "domain_backup" });
  const issues: Issue[] = [];
  const backup = parse(Backup, root, issues, { live: false });
  throwFirst(issues, ErrorDomain.domain);
  return backup;
}

export const formatBackup = (backup: Backup): string =>
  format(Backup, backup, { live: true, secure: false, migratable: false });
