/** What libvirt fills into graphics and video whatever the hypervisor. */
import { virError } from "../../error.ts";
import type { Devices } from "../device/devices.ts";
import type { Graphics, GraphicsListen } from "../device/graphics.ts";
import type { Video } from "../device/video.ts";

type Listening = Extract<Graphics, { type: "vnc" | "spice" | "rdp" }>;
type Of<T extends Graphics["type"]> = Extract<Graphics, { type: T }>;

/** Ports of a running domain are kept; those of a definition with `autoport` mean nothing. */
export function settleGraphics(graphics: Graphics, live: boolean): Graphics {
  switch (graphics.type) {
    case "vnc":
      return settleVnc(graphics, live);
    case "spice":
      return settleSpice(graphics, live);
    case "rdp":
      return { ...graphics, ...listening(graphics) };
    default:
      return graphics;
  }
}

/** Where clients connect, from the elements or, older, from attributes; and the attributes from the first element. */
function listening(graphics: Listening): { listens: readonly GraphicsListen[]; listen?: string } {
  const [given, ...others] = graphics.listens ?? [fromAttributes(graphics)];
  // an older client's socket wins over an address
  const first = given?.type === "address" && hasSocket(graphics) ? fromAttributes(graphics) : given;
  const listens = first === undefined ? [] : [first, ...others];
  const found = first?.type === "address" ? first.address : undefined;
  if (
    graphics.listens !== undefined &&
    graphics.listen !== undefined &&
    first?.type === "address" &&
    graphics.listen !== found
  )
    throw virError(
      "configUnsupported",
      `graphics 'listen' attribute '${graphics.listen}' must match 'address' attribute of first listen element (found '${found ?? "none"}')`,
    );
  return { listens, ...(found === undefined ? {} : { listen: found }) };
}

const hasSocket = (graphics: Listening): boolean =>
  graphics.type === "vnc" && graphics.socket !== undefined;

function fromAttributes(graphics: Listening): GraphicsListen {
  if (graphics.type === "vnc" && graphics.socket !== undefined)
    return { type: "socket", socket: graphics.socket };
  return {
    type: "address",
    ...(graphics.listen === undefined ? {} : { address: graphics.listen }),
  };
}

const overTcp = ([first]: readonly GraphicsListen[]): boolean =>
  first?.type === "address" || first?.type === "network";

function settleVnc(graphics: Of<"vnc">, live: boolean): Graphics {
  const { port: given, autoport, listen: _listen, socket: _socket, ...rest } = graphics;
  const port = given === 0 ? undefined : given;
  const { listens, listen } = listening(graphics);
  const [first] = listens;
  const socket =
    first?.type === "socket" && first.socket !== undefined ? { socket: first.socket } : {};
  const named = { ...rest, ...socket, ...(listen === undefined ? {} : { listen }), listens };
  if (!overTcp(listens)) return named;
  const any = autoport === true || port === -1 || (given === undefined && autoport === undefined);
  if (!any) return { ...named, autoport: false, ...(port === undefined ? {} : { port }) };
  return { ...named, autoport: true, port: live && port !== undefined ? port : -1 };
}

function settleSpice(graphics: Of<"spice">, live: boolean): Graphics {
  const { port, tlsPort, autoport, listen: _, ...rest } = graphics;
  const { listens, listen } = listening(graphics);
  const any = autoport === true || port === -1 || tlsPort === -1;
  const ports = {
    ...(port === undefined || port <= 0 || (any && !live) ? {} : { port }),
    ...(tlsPort === undefined || tlsPort <= 0 || (any && !live) ? {} : { tlsPort }),
  };
  if (!overTcp(listens)) return { ...rest, listens };
  if (!any && Object.keys(ports).length === 0)
    return { ...rest, listens: [{ type: "none" }, ...listens.slice(1)] };
  return { ...rest, ...ports, autoport: any, ...(listen === undefined ? {} : { listen }), listens };
}

/** A screen needs a card; one card is the primary one and comes first. */
export function settleVideos({ videos = [], graphics = [] }: Devices): readonly Video[] {
  const all: readonly Video[] = videos.length === 0 && graphics.length > 0 ? [{}] : videos;
  if (all.filter(({ model }) => model?.primary === true).length > 1)
    throw virError("configUnsupported", "Only one primary video device is supported");
  const [first, ...others] = [
    ...all.filter(({ model }) => model?.primary === true),
    ...all.filter(({ model }) => model?.primary !== true),
  ];
  if (first === undefined) return all;
  return [{ ...first, model: { ...first.model, primary: true } }, ...others];
}
