/** A card as it is really plugged in: one of a network may be on a bridge or a macvtap device. Pure. */
import type { ResolvedDomain } from "../resolve/resolved-domain.ts";
import type { Interface } from "./interface.ts";

/** The kind of connection that a running card has. */
export function actualType(net: Interface): Interface["type"] {
  if (net.type !== "network") return net.type;
  const { actual, dev } = net.source ?? {};
  return actual ?? (dev === undefined ? "network" : "direct");
}

/** With the kind it really is, and what it came from beside it, as clients see a running card. */
function asActual(net: Interface): Interface {
  if (net.type !== "network" || net.source === undefined) return net;
  const { actual: _, ...source } = net.source;
  switch (actualType(net)) {
    case "bridge": {
      const { dev: _dev, mode: _mode, bridge = "", ...place } = source;
      return { ...net, type: "bridge", source: { ...place, bridge } };
    }
    case "direct": {
      const {
        bridge: _bridge,
        macTableManager: _manager,
        dev = "",
        mode = "vepa",
        ...place
      } = source;
      return { ...net, type: "direct", source: { ...place, dev, mode } };
    }
    default:
      return { ...net, source };
  }
}

/** The running domain as clients see it. */
export function withActualInterfaces<D extends ResolvedDomain>(domain: D): D {
  const { interfaces } = domain.devices;
  if (interfaces === undefined) return domain;
  return { ...domain, devices: { ...domain.devices, interfaces: interfaces.map(asActual) } };
}
