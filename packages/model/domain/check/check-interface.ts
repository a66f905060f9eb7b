/** Network cards: sources that are complete, and what only some kinds can do. */
import { isMulticastMac } from "../../mac.ts";
import type { Interface } from "../device/interface.ts";
import type { Domain } from "../domain.ts";
import { eachDevice } from "./each-device.ts";
import { internal, unsupported, wrongArgument, wrongXml } from "./refuse.ts";
import { isPowerOfTwo } from "./power-of-two.ts";

/** Each looks at the card alone. */
type InterfaceRule = (one: Interface) => void;
const eachInterface = (...rules: readonly InterfaceRule[]): ((domain: Domain) => void) =>
  eachDevice(({ interfaces }) => interfaces, ...rules);

/** Kinds that are plugged into something named. */
const PLUGGED: readonly string[] = [
  "network",
  "bridge",
  "direct",
  "internal",
  "vdpa",
  "vhostuser",
  "server",
  "client",
  "mcast",
  "udp",
];

const sourceGiven: InterfaceRule = (one) => {
  if (PLUGGED.includes(one.type) && !("source" in one))
    wrongXml(`interface type='${one.type}' requires a 'source' element`);
  if (one.type === "udp" && one.source?.local === undefined)
    wrongXml("'<local>' element missing for 'udp' socket interface");
  if (one.type === "hostdev" && one.source?.address === undefined)
    wrongXml("missing source address type");
};
const macFits: InterfaceRule = ({ mac }) => {
  if (mac?.address !== undefined && isMulticastMac(mac.address))
    wrongXml(`expected unicast mac address, found multicast '${mac.address}'`);
};
const modelNamed: InterfaceRule = ({ model }) => {
  if (model?.type !== undefined && !/^[\w.-]*$/.test(model.type))
    wrongArgument("Model name contains invalid characters");
};
/** What the card is plugged into, and what it is called. @throws {VireoError} for the first rule broken. */
export function checkInterfaceSource(one: Interface): void {
  for (const rule of [sourceGiven, macFits, modelNamed]) rule(one);
}
export const checkInterfaceSources: (domain: Domain) => void = eachInterface(checkInterfaceSource);

const WITH_MTU: readonly string[] = ["network", "bridge", "ethernet", "vhostuser"];
const mtuFits: InterfaceRule = ({ type, mtu }) => {
  if (mtu !== undefined && !WITH_MTU.includes(type))
    unsupported(`setting MTU on interface type ${type} is not supported yet`);
};

const WITH_COALESCE: readonly string[] = ["network", "bridge"];
const coalesceFits: InterfaceRule = ({ type, coalesce }) => {
  if (coalesce !== undefined && !WITH_COALESCE.includes(type))
    unsupported(`coalesce settings on interface type ${type} are not supported`);
};

const queuesFit: InterfaceRule = (one) => {
  const driver = "driver" in one ? one.driver : undefined;
  if (driver?.rxQueueSize !== undefined && !isPowerOfTwo(driver.rxQueueSize))
    unsupported("rx_queue_size has to be a power of two");
  if (driver?.txQueueSize !== undefined && !isPowerOfTwo(driver.txQueueSize))
    unsupported("tx_queue_size has to be a power of two");
};
type GuestIp = NonNullable<Interface["ips"]>[number];
const isIpv6 = ({ family, address }: GuestIp): boolean =>
  family === "ipv6" || address.includes(":");

const teamFits: InterfaceRule = (one) => {
  const model = one.model?.type ?? "(null)";
  if (one.teaming?.type === "persistent" && !model.startsWith("virtio"))
    unsupported(
      `virtio-net teaming persistent interface must be <model type='virtio'/>, not '${model}'`,
    );
};
/** libvirt's words for both families are alike. */
function oneAddressEach({ ips = [] }: Interface): void {
  const sixes = ips.filter(isIpv6);
  if (ips.length - sixes.length > 1) unsupported("Only one IPv4 address per interface is allowed");
  if (sixes.length > 1) unsupported("Only one IPv6 address per interface is allowed");
}

const [SHORTEST_PREFIX, LONGEST_PREFIX, LONGEST_PREFIX_V6] = [4, 27, 120];
function prefixFits(ip: GuestIp): void {
  const { peer, prefix } = ip;
  if (peer !== undefined) unsupported("Invalid attempt to set peer IP for guest");
  if (prefix === undefined || prefix === 0) return;
  if (isIpv6(ip)) {
    if (prefix > LONGEST_PREFIX_V6) wrongXml("prefix too long");
  } else if (prefix < SHORTEST_PREFIX || prefix > LONGEST_PREFIX)
    wrongXml(`invalid prefix, must be in range of ${SHORTEST_PREFIX}-${LONGEST_PREFIX}`);
}

/** Nobody but the user-mode network stack tells a guest its address. */
const guestAddressFits: InterfaceRule = (one) => {
  const { ips = [], routes = [] } = one;
  if (one.type !== "user") {
    if (ips.length + routes.length > 0)
      unsupported(
        "Invalid attempt to set network interface guest-side IP route and/or address info, not supported by QEMU",
      );
    return;
  }
  if (routes.length > 0)
    unsupported(
      "Invalid attempt to set network interface guest-side IP route, not supported by QEMU",
    );
  oneAddressEach(one);
  ips.forEach(prefixFits);
};

const hostAddressFits: InterfaceRule = (one) => {
  if (one.type !== "user") return;
  const { ips = [], routes = [] } = one.source ?? {};
  if (ips.length + routes.length > 0)
    unsupported(
      `Invalid attempt to set network interface host-side IP route and/or address info on interface of type '${one.type}'. This is only supported on interfaces of type 'ethernet'`,
    );
};

const floorFits: InterfaceRule = ({ type, bandwidth }) => {
  if ((bandwidth?.inbound?.floor ?? 0) > 0 && type !== "network")
    unsupported("floor attribute is not supported for this config");
};

const vhostUserIsVirtio: InterfaceRule = ({ type, model }) => {
  if (type === "vhostuser" && model?.type?.startsWith("virtio") !== true)
    internal(
      "Wrong or no <model> 'type' attribute specified with <interface type='vhostuser'/>. vhostuser requires the virtio-net* frontend",
    );
};

const SWITCHED: readonly string[] = ["network", "bridge", "direct", "hostdev"];
const profileFits: InterfaceRule = ({ type, virtualPort }) => {
  if (virtualPort !== undefined && !SWITCHED.includes(type))
    unsupported(`<virtualport> element unsupported for <interface type='${type}'>`);
};

const WITH_ISOLATION: readonly string[] = ["network", "bridge"];
const isolationFits: InterfaceRule = ({ type, mac, port }) => {
  if (port?.isolated === true && !WITH_ISOLATION.includes(type))
    unsupported(
      `interface ${mac?.address ?? ""} - <port isolated='yes'/> is not supported for network interfaces with type='${type}'`,
    );
};

/** What only some kinds of cards can do. */
export const checkInterfaces: (domain: Domain) => void = eachInterface(
  profileFits,
  guestAddressFits,
  hostAddressFits,
  floorFits,
  vhostUserIsVirtio,
  isolationFits,
  mtuFits,
  coalesceFits,
  queuesFit,
  teamFits,
);
