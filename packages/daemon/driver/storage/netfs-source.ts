/** What an NFS server exports. */
import { virError } from "@vireo/model/error";
import type { PoolSource } from "@vireo/model/storage/pool-source";
import { plain, rowsOf, type Run } from "./backend.ts";

export async function netfsSources(
  run: Run,
  { hosts }: PoolSource,
): Promise<readonly PoolSource[]> {
  const [host] = hosts ?? [];
  if (host === undefined)
    throw virError("invalidArg", "hostname must be specified for netfs sources");
  const none = `no storage pools were found on host '${host.name}'`;
  const exports = await run(["showmount", "--no-headers", "--exports", plain(host.name)]).catch(
    (error: unknown) => {
      throw virError("operationFailed", none, { cause: error });
    },
  );
  // the path may hold blanks; who may mount it follows
  const paths = rowsOf(exports, /\s+(?=\S+$)/).flatMap(([path]) => path ?? []);
  if (paths.length === 0) throw virError("operationFailed", none);
  return paths.map((path) => ({ hosts: [host], dir: { path }, format: { type: "nfs" } }));
}
