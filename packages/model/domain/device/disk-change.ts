/** What of a disk may change while the domain runs. Pure. */
import { virError } from "../../error.ts";
import type { Disk } from "./disk.ts";

type Value = string | number | boolean | undefined;
type Field = readonly [name: string, value: (disk: Disk) => Value];

/** Words of libvirt's messages for our members. */
const wireName = (member: string): string =>
  member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const LIMITS = [
  "totalBytesSec",
  "readBytesSec",
  "writeBytesSec",
  "totalIopsSec",
  "readIopsSec",
  "writeIopsSec",
  "totalBytesSecMax",
  "readBytesSecMax",
  "writeBytesSecMax",
  "totalIopsSecMax",
  "readIopsSecMax",
  "writeIopsSecMax",
  "sizeIopsSec",
] as const;

/** These count as 0 when they are not written. */
const ALWAYS: readonly Field[] = [
  ["device", ({ device }) => device],
  ["geometry cylinders", ({ geometry }) => geometry?.cyls ?? 0],
  ["geometry heads", ({ geometry }) => geometry?.heads ?? 0],
  ["geometry sectors", ({ geometry }) => geometry?.secs ?? 0],
  ["blockio logical_block_size", ({ blockIo }) => blockIo?.logicalBlockSize ?? 0],
  ["blockio physical_block_size", ({ blockIo }) => blockIo?.physicalBlockSize ?? 0],
];

/** What is not written of these stays as it is. */
const IF_WRITTEN: readonly Field[] = [
  ["bus", ({ target }) => target?.bus],
  ["removable", ({ target }) => target?.removable],
  ...LIMITS.map(
    (limit): Field => [`blkdeviotune ${wireName(limit)}`, ({ iotune }) => iotune?.[limit]],
  ),
  ["blkdeviotune group name", ({ iotune }) => iotune?.groupName],
  ["serial", ({ serial }) => serial],
  ["wwn", ({ wwn }) => wwn],
  ["vendor", ({ vendor }) => vendor],
  ["product", ({ product }) => product],
  ["cache", ({ driver }) => driver?.cache],
  ["error_policy", ({ driver }) => driver?.errorPolicy],
  ["rerror_policy", ({ driver }) => driver?.readErrorPolicy],
  ["io", ({ driver }) => driver?.io],
  ["ioeventfd", ({ driver }) => driver?.ioeventfd],
  ["event_idx", ({ driver }) => driver?.eventIdx],
  ["copy_on_read", ({ driver }) => driver?.copyOnRead],
  ["transient", ({ transient }) => (transient === undefined ? undefined : true)],
  ["alias", ({ alias }) => alias?.name],
  ["boot order", ({ boot }) => boot?.order],
  ["rawio", ({ rawio }) => rawio],
  ["sgio", ({ sgio }) => sgio],
  ["discard", ({ driver }) => driver?.discard],
  ["iothread", ({ driver }) => driver?.iothread],
  ["readonly", ({ readonly }) => readonly],
  ["shared", ({ shareable }) => shareable],
];

const refuse = (name: string) =>
  virError("operationUnsupported", `cannot modify field '${name}' of the disk`);

/**
 * The medium of a drive and the policy for missing images are left.
 * @throws VireoError `operationUnsupported` for anything else that is written otherwise than it is
 */
export function mustKeepDisk(old: Disk, wanted: Disk): void {
  for (const [name, value] of ALWAYS) if (value(old) !== value(wanted)) throw refuse(name);
  for (const [name, value] of IF_WRITTEN) {
    const written = value(wanted);
    if (written !== undefined && written !== false && written !== value(old)) throw refuse(name);
  }
}
