/** Limits on a disk's throughput: set over QMP once the device is there. */
import { virError } from "@vireo/model/error";
import type { Disk } from "@vireo/model/domain/device/disk";
import { given, type JsonObject } from "../json.ts";

export type IoTune = NonNullable<Disk["iotune"]>;

/** QMP's names; the first six must always be given. */
const LIMITS = {
  bps: "totalBytesSec",
  bps_rd: "readBytesSec",
  bps_wr: "writeBytesSec",
  iops: "totalIopsSec",
  iops_rd: "readIopsSec",
  iops_wr: "writeIopsSec",
} as const satisfies Readonly<Record<string, keyof IoTune>>;

const BURSTS = {
  bps_max: "totalBytesSecMax",
  bps_rd_max: "readBytesSecMax",
  bps_wr_max: "writeBytesSecMax",
  iops_max: "totalIopsSecMax",
  iops_rd_max: "readIopsSecMax",
  iops_wr_max: "writeIopsSecMax",
  iops_size: "sizeIopsSec",
  bps_max_length: "totalBytesSecMaxLength",
  bps_rd_max_length: "readBytesSecMaxLength",
  bps_wr_max_length: "writeBytesSecMaxLength",
  iops_max_length: "totalIopsSecMaxLength",
  iops_rd_max_length: "readIopsSecMaxLength",
  iops_wr_max_length: "writeIopsSecMaxLength",
} as const satisfies Readonly<Record<string, keyof IoTune>>;

/** Every value of `<iotune>`. */
export const TUNE_KEYS = [...Object.values(LIMITS), ...Object.values(BURSTS), "groupName"] as const;

/** Arguments of `block_set_io_throttle` for the device with this id; 0 takes a limit away. */
export function throttleArguments(id: string, iotune: IoTune): JsonObject {
  const limits: JsonObject = Object.fromEntries(
    Object.entries(LIMITS).map(([name, key]) => [name, iotune[key] ?? 0] as const),
  );
  const bursts: JsonObject = Object.fromEntries(
    Object.entries(BURSTS).map(([name, key]) => [name, iotune[key]] as const),
  );
  return given({ id, ...limits, ...bursts, group: iotune.groupName });
}

/** What QEMU knows the limited device by. */
export function throttleId({ alias, target }: Disk): string {
  const path = `/machine/peripheral/${alias?.name ?? ""}`;
  return target?.bus === "virtio" ? `${path}/virtio-backend` : (alias?.name ?? "");
}

/** QEMU limits no drive that is empty. */
export const hasMedium = ({ source }: Disk): boolean =>
  source !== undefined && Object.keys(source).length > 0;

/** What is 0 was never set. */
export const withoutZeros = (tune: IoTune): IoTune =>
  Object.fromEntries(Object.entries(tune).filter(([, value]) => value !== 0 && value !== ""));

const SHARES = [
  "totalBytesSec",
  "readBytesSec",
  "writeBytesSec",
  "totalIopsSec",
  "readIopsSec",
  "writeIopsSec",
] as const;

/**
 * Lengths of bursts that were there and are not said anew, while those of their family are: a limit
 * that stays keeps one of 1 s, as QEMU would have it.
 */
export const shortened = (before: IoTune, next: IoTune): IoTune =>
  Object.fromEntries(
    SHARES.flatMap((key) => {
      const length = `${key}MaxLength` as const;
      const isLeft = (next[key] ?? 0) > 0 || (next[`${key}Max`] ?? 0) > 0;
      return (before[length] ?? 0) > 0 && (next[length] ?? 0) === 0 && isLeft ? [[length, 1]] : [];
    }),
  );

/** What QEMU can count up to. */
const MOST = 1_000_000_000_000_000;
const KINDS = [
  ["bytes_sec", "BytesSec"],
  ["iops_sec", "IopsSec"],
  ["bytes_sec_max", "BytesSecMax"],
  ["iops_sec_max", "IopsSecMax"],
] as const;

/**
 * What cannot be asked for at once.
 * @throws VireoError `argumentUnsupported` for a number beyond QEMU's, `invalidArg`
 */
export function refuseTuneConflict(tune: object): void {
  const values = new Map<string, unknown>(Object.entries(tune));
  const number = (key: string): number => Number(values.get(key) ?? 0);
  for (const key of TUNE_KEYS)
    if (key !== "groupName" && number(key) > MOST)
      throw virError(
        "argumentUnsupported",
        `block I/O throttle limit value must be no more than ${MOST}`,
      );
  for (const [word, key] of KINDS)
    if (number(`total${key}`) > 0 && number(`read${key}`) + number(`write${key}`) > 0)
      throw virError(
        "invalidArg",
        `total and read/write of ${word} cannot be set at the same time`,
      );
}

/**
 * QEMU takes no burst below the steady limit.
 * @throws VireoError `configUnsupported`
 */
export function refuseLowBurst(tune: IoTune): void {
  const values = new Map<string, unknown>(Object.entries(tune));
  const number = (key: string): number => Number(values.get(key) ?? 0);
  for (const unit of ["bytes", "iops"])
    for (const share of ["total", "read", "write"]) {
      const key = `${share}${unit === "bytes" ? "Bytes" : "Iops"}Sec`;
      const burst = number(`${key}Max`);
      const name = `${share}_${unit}_sec`;
      if (burst > 0 && number(key) === 0)
        throw virError("configUnsupported", `cannot reset '${name}' when '${name}_max' is set`);
      if (burst === 0 || burst >= number(key)) continue;
      throw virError("configUnsupported", `value '${name}_max' cannot be smaller than '${name}'`);
    }
}
