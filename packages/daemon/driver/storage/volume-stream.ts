/** Bytes of a volume as a stream. */
import type { Duplex } from "node:stream";
import { virError } from "@vireo/model/error";
import type { OperationInput } from "@vireo/model/operation/operations";
import { programStream } from "../../host/program-stream.ts";
import type { FoundVolume } from "./pool-list.ts";
import { working } from "./volume-change.ts";

type Part = Omit<OperationInput<"storageVolume", "upload">, "volume">;

const BLOCK = "bs=1M";

function checkPart({ volume }: FoundVolume, { sparse }: Part): string {
  const path = volume.target?.path ?? "";
  if (volume.type === "dir")
    throw virError("operationUnsupported", `volume '${volume.name}' is a directory`);
  if (sparse === true)
    throw virError("argumentUnsupported", "sparse streams are not supported by this daemon");
  return path;
}

export function downloadVolume(found: FoundVolume, part: Part): Duplex {
  const path = checkPart(found, part);
  const limit = part.length === 0 ? [] : [`count=${part.length}`];
  const stream = programStream("dd", [
    `if=${path}`,
    BLOCK,
    `skip=${part.offset}`,
    ...limit,
    `iflag=fullblock,skip_bytes${part.length === 0 ? "" : ",count_bytes"}`,
    "status=none",
  ]);
  hold(found, stream);
  return stream;
}

/** What is there beyond the bytes that come stays. */
export function uploadVolume(found: FoundVolume, part: Part): Duplex {
  const path = checkPart(found, part);
  const limit = part.length === 0 ? [] : [`count=${part.length}`];
  const stream = programStream("dd", [
    `of=${path}`,
    BLOCK,
    `seek=${part.offset}`,
    ...limit,
    `iflag=fullblock${part.length === 0 ? "" : ",count_bytes"}`,
    "oflag=seek_bytes",
    "conv=notrunc,nocreat",
    "status=none",
  ]);
  hold(found, stream);
  return stream;
}

/** The pool stays active until the stream has ended; then the volume is looked at. */
function hold(found: FoundVolume, stream: Duplex): void {
  void working(found, () => new Promise<void>((done) => void stream.once("close", done)));
}
