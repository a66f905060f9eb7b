/** Where a UEFI variable store lives: definition -> storage source. */
import type { Nvram } from "@vireo/model/domain/os";
import { networkHosts } from "./network-hosts.ts";
import type { StorageSource } from "./storage-source.ts";

/** The source of the store; `path` when the definition names none. */
export function nvramSource(nvram: Nvram, path: string): StorageSource {
  const { source } = nvram;
  if (source?.protocol !== undefined)
    return {
      type: "network",
      protocol: source.protocol,
      ...(source.name === undefined ? {} : { name: source.name }),
      hosts: networkHosts(source.hosts),
      ...(source.auth === undefined
        ? {}
        : { auth: { username: source.auth.username, type: source.auth.secret?.type ?? "" } }),
    };
  if (source?.dev !== undefined) return { type: "block", path: source.dev };
  return { type: "file", path: source?.file ?? nvram.path ?? path };
}
