/** What is measured of a transfer, and whether it came out whole. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** SHA-256 in hex. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** MiB per second. */
export async function speedOf(mib: number, work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (mib / (performance.now() - begin)) * 1000;
}
