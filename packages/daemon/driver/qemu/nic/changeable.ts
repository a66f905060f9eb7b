/** What may change of a card that a guest has, by libvirt's rules and in its words. Pure. */
import { isDeepStrictEqual } from "node:util";
import { actualType } from "@vireo/model/domain/device/actual-interface";
import type { Interface } from "@vireo/model/domain/device/interface";
import { virError, type VireoError } from "@vireo/model/error";

const modelOf = ({ model }: Interface): string => model?.type ?? "rtl8139";

interface Fixed {
  readonly part: (net: Interface) => unknown;
  readonly text: string;
  /** It may be left out; others must be written again as they are. */
  readonly optional?: boolean;
}

/** What must stay, in the order in which libvirt looks. */
const FIXED: readonly Fixed[] = [
  {
    part: (net) => (net.type === "hostdev" ? undefined : net.driver),
    text: "cannot modify virtio network device driver attributes",
  },
  { part: ({ script }) => script, text: "cannot modify network device script attribute" },
  {
    part: ({ target }) => target?.dev,
    text: "cannot modify network device tap name",
    optional: true,
  },
  {
    part: ({ address }) => address,
    text: "cannot modify network device guest PCI address",
    optional: true,
  },
  { part: ({ rom }) => rom?.bar, text: "cannot modify network device rom bar setting" },
  { part: ({ rom }) => rom?.file, text: "cannot modify network rom file" },
  { part: ({ boot }) => boot?.order, text: "cannot modify network device boot index setting" },
  { part: ({ rom }) => rom?.enabled, text: "cannot modify network device rom enabled setting" },
  { part: ({ mtu }) => mtu?.size, text: "cannot modify MTU" },
];

function mustKeepAddress(old: Interface, wanted: Interface): void {
  const [from, to] = [old.mac?.address ?? "", wanted.mac?.address ?? ""];
  if (from !== to)
    throw virError(
      "operationUnsupported",
      `cannot change network interface mac address from ${from} to ${to}`,
    );
}

/** What the guest sees of its card stays. @throws VireoError `operationUnsupported` in libvirt's words */
export function mustKeepCard(old: Interface, wanted: Interface): void {
  mustKeepAddress(old, wanted);
  const [from, to] = [modelOf(old), modelOf(wanted)];
  if (from !== to)
    throw virError(
      "operationUnsupported",
      `cannot modify network device model from ${from} to ${to}`,
    );
  for (const { part, text, optional } of FIXED) {
    if (optional === true && part(wanted) === undefined) continue;
    if (!isDeepStrictEqual(part(old), part(wanted))) throw virError("operationUnsupported", text);
  }
}

const noChange = ({ type }: Interface): VireoError =>
  virError("operationUnsupported", `unable to change config on '${type}' network type`);

/** Kinds whose tap can be moved from one to the other. */
const isBridged = (net: Interface): boolean =>
  actualType(net) === "network" || actualType(net) === "bridge";

/** Sockets of QEMU itself. */
const SOCKETS: readonly string[] = ["server", "client", "mcast", "udp", "internal", "vhostuser"];

/** Where a macvtap device stands. */
export const placeIn = (net: Interface): unknown =>
  net.type === "direct" || net.type === "network"
    ? [net.source?.dev, net.source?.mode ?? "vepa"]
    : undefined;

/** What a macvtap device or a socket of QEMU was made with. */
function madeWith(net: Interface): unknown {
  if (SOCKETS.includes(net.type) && "source" in net) return net.source;
  return actualType(net) === "direct" ? placeIn(net) : undefined;
}

/** What only a new connection could change. */
const tiedTo = (net: Interface): readonly unknown[] => [
  isBridged(net) ? "bridge" : net.type,
  madeWith(net),
  net.virtualPort?.type,
  net.tune?.sndbuf,
];

export const bridgeIn = (net: Interface): string | undefined =>
  net.type === "bridge" || net.type === "network" ? net.source?.bridge : undefined;

/**
 * Both as they run. A card cannot be unplugged on the host without the guest.
 * @throws VireoError `operationUnsupported`
 */
export function mustStayConnected(old: Interface, wanted: Interface): void {
  if (!isDeepStrictEqual(tiedTo(old), tiedTo(wanted))) throw noChange(wanted);
  const moves = bridgeIn(old) !== bridgeIn(wanted);
  if (moves && wanted.virtualPort !== undefined) throw noChange(wanted);
}
