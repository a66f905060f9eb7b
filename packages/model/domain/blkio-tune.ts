/** `<blkiotune>`: share of block I/O. */
import { element, type Infer } from "../schema/element.ts";
import { children, requiredText, text } from "../schema/member.ts";
import { string, uint, ulong } from "../schema/scalar.ts";

export const BlkioTune = element("blkiotune", "Share of the host's block I/O.", {
  weight: text(uint, { doc: "Weight against other domains, 100 to 1000." }),
  devices: children(
    element("device", "Share of one host device.", {
      path: requiredText(string, {
        doc: "Device node.",
        missing: "missing per-device path",
        missingFault: "configUnsupported",
      }),
      weight: text(uint, { doc: "Weight." }),
      readIopsSec: text(uint, { name: "read_iops_sec", doc: "Reads per second." }),
      writeIopsSec: text(uint, { name: "write_iops_sec", doc: "Writes per second." }),
      readBytesSec: text(ulong, { name: "read_bytes_sec", doc: "Bytes read per second." }),
      writeBytesSec: text(ulong, { name: "write_bytes_sec", doc: "Bytes written per second." }),
    }),
    { doc: "Host devices." },
  ),
});
export type BlkioTune = Infer<typeof BlkioTune>;
