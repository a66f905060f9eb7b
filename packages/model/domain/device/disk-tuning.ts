/** Limits on a disk's throughput. */
import { element } from "../../schema/element.ts";
import { text } from "../../schema/member.ts";
import type { Member } from "../../schema/declaration.ts";
import { string, ulong } from "../../schema/scalar.ts";

const limit = (name: string, doc: string): Member<number, false> =>
  text(ulong, { name, doc, omit: 0 });

/** `<iotune>`; bursts are the `...Max` values, lasting `...MaxLength` seconds. */
export const IoTune = element("iotune", "Limits on throughput.", {
  totalBytesSec: limit("total_bytes_sec", "Bytes per second, both ways."),
  readBytesSec: limit("read_bytes_sec", "Bytes read per second."),
  writeBytesSec: limit("write_bytes_sec", "Bytes written per second."),
  totalIopsSec: limit("total_iops_sec", "Operations per second, both ways."),
  readIopsSec: limit("read_iops_sec", "Reads per second."),
  writeIopsSec: limit("write_iops_sec", "Writes per second."),
  totalBytesSecMax: limit("total_bytes_sec_max", "Bytes per second in a burst, both ways."),
  readBytesSecMax: limit("read_bytes_sec_max", "Bytes read per second in a burst."),
  writeBytesSecMax: limit("write_bytes_sec_max", "Bytes written per second in a burst."),
  totalIopsSecMax: limit("total_iops_sec_max", "Operations per second in a burst, both ways."),
  readIopsSecMax: limit("read_iops_sec_max", "Reads per second in a burst."),
  writeIopsSecMax: limit("write_iops_sec_max", "Writes per second in a burst."),
  sizeIopsSec: limit("size_iops_sec", "Bytes that count as one operation."),
  groupName: text(string, { name: "group_name", doc: "Disks of one group share the limits." }),
  totalBytesSecMaxLength: limit("total_bytes_sec_max_length", "Seconds a burst may last."),
  readBytesSecMaxLength: limit("read_bytes_sec_max_length", "Seconds a burst may last."),
  writeBytesSecMaxLength: limit("write_bytes_sec_max_length", "Seconds a burst may last."),
  totalIopsSecMaxLength: limit("total_iops_sec_max_length", "Seconds a burst may last."),
  readIopsSecMaxLength: limit("read_iops_sec_max_length", "Seconds a burst may last."),
  writeIopsSecMaxLength: limit("write_iops_sec_max_length", "Seconds a burst may last."),
});
