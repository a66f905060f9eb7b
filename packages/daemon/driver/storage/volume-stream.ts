/** Bytes of a volume as a stream. */
import type { Writable } from "node:stream";
import { virError } from "@vireo/model/error";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { ByteSource } from "../../host/byte-source.ts";
import { readProgram, writeProgram } from "../../host/program-stream.ts";
import { readSparse, writeSparse } from "../../host/sparse-stream.ts";
import type { FoundVolume } from "./pool-list.ts";
import { working } from "./volume-change.ts";

type Part = Omit<OperationInput<"storageVolume", "upload">, "volume">;

const BLOCK = "bs=1M";

function checkPart({ volume }: FoundVolume): string {
  const path = volume.target?.path ?? "";
  if (volume.type === "dir")
    throw virError("operationUnsupported", `volume '${volume.name}' is a directory`);
  if (volume.type === "network")
    throw virError("noSupport", "storage pool doesn't support the transfer of volumes");
  return path;
}

/** With `sparse`, holes of the file come as such. */
export function downloadVolume(found: FoundVolume, part: Part): ByteSource {
  const path = checkPart(found);
  const stream = part.sparse === true ? readSparse(path, part) : readPlain(path, part);
  hold(found, stream);
  return stream;
}

function readPlain(path: string, { offset, length }: Part): ByteSource {
  const limit = length === 0 ? [] : [`count=${length}`];
  return readProgram("dd", [
    `if=${path}`,
    BLOCK,
    `skip=${offset}`,
    ...limit,
    `iflag=fullblock,skip_bytes${length === 0 ? "" : ",count_bytes"}`,
    "status=none",
  ]);
}

/** What is there beyond the bytes that come stays. With `sparse`, holes may come. */
export function uploadVolume(found: FoundVolume, part: Part): Writable {
  const path = checkPart(found);
  const stream = part.sparse === true ? writeSparse(path, part) : writePlain(path, part);
  hold(found, stream);
  return stream;
}

function writePlain(path: string, { offset, length }: Part): Writable {
  const place = [`of=${path}`, BLOCK, `seek=${offset}`, "iflag=fullblock", "oflag=seek_bytes"];
  return writeProgram(
    "dd",
    [...place, "conv=notrunc,nocreat", "status=none"],
    length === 0 ? {} : { limit: length },
  );
}

/** The pool stays active until the stream has ended; then the volume is looked at. */
function hold(found: FoundVolume, stream: Pick<ByteSource, "once">): void {
  void working(found, () => new Promise<void>((done) => void stream.once("close", done)));
}
