/** Limits on a disk's throughput: set over QMP once the device is there. */
import type { Disk } from "@vireo/model/domain/device/disk";
import { given, type JsonObject } from "../json.ts";

type IoTune = NonNullable<Disk["iotune"]>;

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
