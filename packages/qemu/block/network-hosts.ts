/** Servers of a network image: definition -> source. */
import type { NetworkHost } from "./storage-source.ts";

interface DefinedHost {
  readonly name?: string | undefined;
  readonly port?: string | number | undefined;
  readonly transport?: "tcp" | "rdma" | "unix" | undefined;
  readonly socket?: string | undefined;
}

export const networkHosts = (hosts: readonly DefinedHost[] | undefined): NetworkHost[] =>
  (hosts ?? []).map((host) =>
    host.transport === "unix"
      ? { transport: "unix", socket: host.socket ?? "" }
      : {
          transport: host.transport ?? "tcp",
          name: host.name ?? "",
          ...(host.port === undefined ? {} : { port: Number(host.port) }),
        },
  );
