import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { connect } from "@vireo/sdk/libvirt/connect";
import type { Connection } from "./connection.ts";
import type { Globals } from "./globals.ts";
import type { Where } from "./session.ts";

const vireodSocket = "/run/vireo/vireo-sock";
const libvirtdSocket = "/run/libvirt/libvirt-sock";
/** A URI that says neither which host nor which socket. */
const localUri = /^[a-z]+:\/\/\/(?!.*[?&]socket=)/;

/** What decides where to connect, besides the command line. */
export interface Surroundings {
  readonly environment: { readonly [name: string]: string | undefined };
  readonly exists: (path: string) => boolean;
}

/**
 * The address to connect to: what `connect` or `-c` says, then VIREO_DEFAULT_URI,
 * VIRSH_DEFAULT_CONNECT_URI and LIBVIRT_DEFAULT_URI, then vireod's socket, then libvirtd's.
 * `--root` and, on a host without libvirtd, vireod's own socket serve addresses that name no socket.
 */
export function chooseUri(
  given: string | undefined,
  globals: Pick<Globals, "connect" | "root" | "readonly">,
  { environment, exists }: Surroundings,
): string {
  const said = given ?? globals.connect ?? defaultUri(environment);
  const uri = said ?? "qemu:///system";
  const ending = globals.readonly ? "-ro" : "";
  if (globals.root !== undefined)
    return withSocket(uri, `${resolve(globals.root)}/run/vireo-sock${ending}`);
  const own = exists(vireodSocket) && (said === undefined || !exists(libvirtdSocket));
  return own ? withSocket(uri, `${vireodSocket}${ending}`) : uri;
}

const defaultUri = (environment: Surroundings["environment"]): string | undefined =>
  ["VIREO_DEFAULT_URI", "VIRSH_DEFAULT_CONNECT_URI", "LIBVIRT_DEFAULT_URI"]
    .map((name) => environment[name])
    .find((value) => value !== undefined && value !== "");

function withSocket(uri: string, socket: string): string {
  if (!localUri.test(uri)) return uri;
  const separator = uri.includes("?") ? "&" : "?";
  return `${uri.replace("://", "+unix://")}${separator}socket=${encodeURIComponent(socket)}`;
}

/** Opens the connection that the globals and the environment ask for. */
export async function openConnection({ uri, readonly, globals }: Where): Promise<Connection> {
  const surroundings = { environment: process.env, exists: existsSync };
  const interval = globals.keepaliveInterval;
  return await connect(chooseUri(uri, { ...globals, readonly }, surroundings), {
    readOnly: readonly,
    keepalive:
      interval === 0 ? null : { intervalMs: interval * 1000, count: globals.keepaliveCount },
  });
}
