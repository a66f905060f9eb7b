/** TCP ports for graphics whose definition leaves the choice to us. */
import { createServer } from "node:net";
import { virError } from "@vireo/model/error";
import type { Graphics } from "@vireo/model/domain/device/graphics";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { Undo } from "./undo.ts";

/** libvirt's range for VNC and SPICE. */
const FIRST_PORT = 5900;
const LAST_PORT = 65_535;

/** Given out, not yet or no longer bound by a QEMU: another start must not get the same. */
const reserved = new Set<number>();
const RESERVED_MS = 30_000;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "0.0.0.0", exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });

async function reservePort(undo: Undo): Promise<number> {
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) {
    if (reserved.has(port)) continue;
    reserved.add(port);
    if (await isFree(port)) {
      undo.add(`port ${port}`, () => reserved.delete(port));
      // by then QEMU has bound it, or has failed
      setTimeout(() => reserved.delete(port), RESERVED_MS).unref();
      return port;
    }
    reserved.delete(port);
  }
  throw virError(
    "internalError",
    `Unable to find an unused port in range 'vnc' (${FIRST_PORT}-${LAST_PORT})`,
  );
}

const listensOnTcp = (graphics: Graphics): boolean =>
  "listens" in graphics &&
  (graphics.listens ?? []).every(({ type }) => type !== "socket" && type !== "none");

/** Where QEMU listens when the definition does not say: reached from this machine only, as libvirt has it. */
const LOCAL = "127.0.0.1";

/** With the addresses that QEMU is going to listen on. */
function withHost(graphics: Graphics): Graphics {
  if (graphics.type !== "vnc" && graphics.type !== "spice") return graphics;
  const listens = (graphics.listens ?? []).map((one) =>
    one.type === "address" ? { ...one, address: one.address ?? LOCAL } : one,
  );
  const [first] = listens;
  return { ...graphics, ...(first?.type === "address" && { listen: first.address }), listens };
}

async function ported(graphics: Graphics, undo: Undo): Promise<Graphics> {
  if (graphics.type !== "vnc" && graphics.type !== "spice") return graphics;
  if (graphics.autoport !== true || !listensOnTcp(graphics)) return graphics;
  return { ...graphics, port: await reservePort(undo) };
}

/** The configuration with every open choice of an address and a port made. */
export async function withPorts(config: ResolvedDomain, undo: Undo): Promise<ResolvedDomain> {
  const { graphics } = config.devices;
  if (graphics === undefined) return config;
  const chosen: Graphics[] = [];
  for (const one of graphics) chosen.push(withHost(await ported(one, undo)));
  return { ...config, devices: { ...config.devices, graphics: chosen } };
}
