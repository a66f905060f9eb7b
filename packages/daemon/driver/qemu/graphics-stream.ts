/** A guest's screen as a stream: vireod connects where QEMU's server listens. */
import type { NetConnectOpts, Socket } from "node:net";
import type { Graphics, GraphicsListen } from "@vireo/model/domain/device/graphics";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { virError } from "@vireo/model/error";
import { connectSocket } from "../../host/connect-socket.ts";

type Vnc = Extract<Graphics, { readonly type: "vnc" }>;

const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** @throws VireoError `internalError`, worded as libvirt does */
function screenOf({ name, devices }: ResolvedDomain, index: number | undefined): Vnc {
  const all = devices.graphics ?? [];
  const found = index === undefined ? all.find(({ type }) => type === "vnc") : all[index];
  if (found === undefined)
    throw virError("internalError", `No graphics backend with index ${index ?? 0}`);
  if (found.type !== "vnc")
    throw virError(
      "internalError",
      `Can only open VNC graphics backends of domain '${name}', not ${found.type}`,
    );
  return found;
}

function placeOf({ listens = [], socket, port = -1 }: Vnc): NetConnectOpts | undefined {
  const [first] = listens;
  const path = first?.type === "socket" ? first.socket : socket;
  if (path !== undefined) return { path };
  return port < 0 ? undefined : { host: hostOf(first), port };
}

/** Who listens everywhere is reached on this machine. */
function hostOf(listen: GraphicsListen | undefined): string {
  const isAt = listen?.type === "address" || listen?.type === "network";
  const address = (isAt ? listen.address : undefined) ?? "127.0.0.1";
  return LOOPBACK[address] ?? address;
}

/**
 * Opens the screen of a running domain.
 * @throws VireoError `internalError`, `systemError`, `operationTimeout`
 */
export async function openScreen(
  config: ResolvedDomain,
  index: number | undefined,
): Promise<Socket> {
  const place = placeOf(screenOf(config, index));
  if (place === undefined)
    throw virError("internalError", `The VNC server of domain '${config.name}' listens nowhere`);
  return connectSocket(place, `the VNC server of domain '${config.name}'`);
}
