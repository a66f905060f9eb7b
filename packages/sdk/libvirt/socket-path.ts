/** Where libvirt's daemons listen. */
import { existsSync } from "node:fs";
import type { LibvirtUri } from "./libvirt-uri.ts";

/** What the rules depend on besides the URI. */
export interface SocketPathFacts {
  /** `$XDG_RUNTIME_DIR`, or what stands for it. */
  readonly userRuntimeDir: string;
  exists(path: string): boolean;
}

/** The facts of this process. */
export function hostSocketFacts(): SocketPathFacts {
  const uid = process.getuid?.() ?? 0;
  return {
    userRuntimeDir: process.env["XDG_RUNTIME_DIR"] ?? `/run/user/${uid}`,
    exists: existsSync,
  };
}

/**
 * The unix socket for a URI: `?socket=`, else the driver's own daemon when its socket exists (or is
 * asked for by `?mode=direct`), else libvirtd's.
 */
export function socketPath(uri: LibvirtUri, readOnly: boolean, facts: SocketPathFacts): string {
  const given = uri.parameters.get("socket");
  if (given !== undefined) return given;
  const directory = uri.path === "/session" ? `${facts.userRuntimeDir}/libvirt` : "/run/libvirt";
  const suffix = readOnly && uri.path !== "/session" ? "-sock-ro" : "-sock";
  const own = `${directory}/virt${uri.driver}d${suffix}`;
  const mode = uri.parameters.get("mode") ?? "auto";
  if (mode === "direct" || (mode === "auto" && uri.driver !== "" && facts.exists(own))) return own;
  return `${directory}/libvirt${suffix}`;
}
