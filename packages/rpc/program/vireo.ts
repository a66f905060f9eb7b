/** Vireo's own operations, those libvirt has no procedure for: their name and JSON. */
import { string } from "../xdr/sequence.ts";
import { call } from "./procedure.ts";

const OPERATION_NAME_MAX = 128;
const JSON_MAX = 16 * 1024 * 1024;

/** Program "vireo" ("VIRE" in ASCII). */
export const vireo = {
  name: "vireo",
  number: 0x5649_5245,
  version: 1,
  procedures: {
    // readOnly: the operation's own access right decides, not the procedure
    operationCall: call(
      1,
      { readOnly: "allowed" },
      {
        args: {
          operation: string(OPERATION_NAME_MAX),
          input: string(JSON_MAX),
        },
        ret: { output: string(JSON_MAX) },
      },
    ),
  },
} as const;
