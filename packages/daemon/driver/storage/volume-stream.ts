/** Bytes of a volume as a stream. */
import type { Duplex } from "node:stream";
import { virError } from "@vireo/model/error";
import type { OperationInput } from "@vireo/model/operation/operations";
import { readProgram, writeProgram } from "../../host/program-stream.ts";
import type { FoundVolume } from "./pool-list.ts";
import { runCommand } from "./storage-hand.ts";
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

export function downloadVolume(found: FoundVolume, part: Part): Duplex {
  const path = checkPart(found);
  const limit = part.length === 0 ? [] : [`count=${part.length}`];
  const stream = readProgram("dd", [
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

/** Gives back the blocks of what is about to be overwritten, so that zeroes need not be written. */
async function clear(path: string, { offset, length }: Part, size: number): Promise<boolean> {
  const bytes = length === 0 ? size - offset : length;
  if (bytes <= 0) return true;
  const part = [`--offset=${offset}`, `--length=${bytes}`, "--", path];
  return runCommand(["fallocate", "--punch-hole", ...part]).then(
    () => true,
    () => false, // not every file system can; then zeroes are written like all else
  );
}

/** What is there beyond the bytes that come stays. With `sparse`, zeroes take no room where that is possible. */
export async function uploadVolume(found: FoundVolume, part: Part): Promise<Duplex> {
  const path = checkPart(found);
  const holes = part.sparse === true && (await clear(path, part, found.volume.physical ?? 0));
  const stream = writeProgram(
    "dd",
    [
      `of=${path}`,
      ...(holes ? ["ibs=1M", "obs=64K"] : [BLOCK]),
      `seek=${part.offset}`,
      "iflag=fullblock",
      "oflag=seek_bytes",
      `conv=notrunc,nocreat${holes ? ",sparse" : ""}`,
      "status=none",
    ],
    part.length === 0 ? {} : { limit: part.length },
  );
  hold(found, stream);
  return stream;
}

/** The pool stays active until the stream has ended; then the volume is looked at. */
function hold(found: FoundVolume, stream: Duplex): void {
  void working(found, () => new Promise<void>((done) => void stream.once("close", done)));
}
