/** What libvirt fills into graphics and video whatever the hypervisor. */
import { virError } from "../../error.ts";
import type { Devices } from "../device/devices.ts";
import type { Graphics, GraphicsListen } from "../device/graphics.ts";
import type { Video } from "../device/video.ts";

type Listener = Extract<Graphics, { type: "vnc" | "spice" | "rdp" }>;
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

interface Listening {
  readonly listens: readonly GraphicsListen[];
  /** Address of the first, for older clients. */
  readonly listen?: string;
}

/** Where clients connect, from the elements or, older, from attributes. */
function listening(graphics: Listener): Listening {
  const [given, ...others] = graphics.listens ?? [fromAttributes(graphics)];
  if (given === undefined) return { listens: [] };
  // an older client's socket wins over an address
  const first = given.type === "address" && hasSocket(graphics) ? fromAttributes(graphics) : given;
  const listens = [first, ...others];
  if (first.type !== "address") return { listens };
  if (graphics.listens !== undefined) refuseOtherAddress(graphics.listen, first.address);
  return first.address === undefined ? { listens } : { listens, listen: first.address };
}

function refuseOtherAddress(attribute: string | undefined, found: string | undefined): void {
  if (attribute === undefined || attribute === found) return;
  throw virError(
    "configUnsupported",
    `graphics 'listen' attribute '${attribute}' must match 'address' attribute of first listen element (found '${found ?? "none"}')`,
  );
}

const hasSocket = (graphics: Listener): boolean =>
  graphics.type === "vnc" && graphics.socket !== undefined;

function fromAttributes(graphics: Listener): GraphicsListen {
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
  const where = listening(graphics);
  const named = { ...rest, ...socketOf(where), ...where };
  if (!overTcp(where.listens)) return named;
  const port = given === 0 ? undefined : given;
  const any = autoport ?? (given === undefined || given === -1);
  if (any || port === -1) return { ...named, autoport: true, port: live ? (port ?? -1) : -1 };
  return { ...named, autoport: false, ...(port === undefined ? {} : { port }) };
}

function socketOf({ listens: [first] }: Listening): { readonly socket?: string } {
  return first?.type === "socket" && first.socket !== undefined ? { socket: first.socket } : {};
}

function settleSpice(graphics: Of<"spice">, live: boolean): Graphics {
  const { port, tlsPort, autoport, listen: _, ...rest } = graphics;
  const { listens, ...address } = listening(graphics);
  if (!overTcp(listens)) return { ...rest, listens };
  const any = autoport === true || port === -1 || tlsPort === -1;
  const ports = any && !live ? {} : named({ port, tlsPort });
  if (!any && Object.keys(ports).length === 0)
    return { ...rest, listens: [{ type: "none" }, ...listens.slice(1)] };
  return { ...rest, ...ports, autoport: any, ...address, listens };
}

interface SpicePorts {
  readonly port?: number;
  readonly tlsPort?: number;
}
/** The ports that are numbers of ports. */
const named = ({
  port = 0,
  tlsPort = 0,
}: { [K in keyof SpicePorts]: number | undefined }): SpicePorts => ({
  ...(port > 0 ? { port } : {}),
  ...(tlsPort > 0 ? { tlsPort } : {}),
});

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
