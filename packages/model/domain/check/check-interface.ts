/** Network cards: sources that are complete, and what only some kinds can do. */
import { isMulticastMac } from "../../mac.ts";
import type { Interface } from "../device/interface.ts";
import type { Domain } from "../domain.ts";
import { type DeviceRule, eachDevice } from "./each-device.ts";
import { unsupported, wrongArgument, wrongXml } from "./refuse.ts";
import { isPowerOfTwo } from "./power-of-two.ts";

type InterfaceRule = DeviceRule<Interface>;
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
/** What the card is plugged into, and what it is called. */
export const checkInterfaceSources: (domain: Domain) => void = eachInterface(
  sourceGiven,
  macFits,
  modelNamed,
);

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
const teamFits: InterfaceRule = (one) => {
  const model = one.model?.type ?? "(null)";
  if (one.teaming?.type === "persistent" && !model.startsWith("virtio"))
    unsupported(
      `virtio-net teaming persistent interface must be <model type='virtio'/>, not '${model}'`,
    );
};
/** What only some kinds of cards can do. */
export const checkInterfaces: (domain: Domain) => void = eachInterface(
  mtuFits,
  coalesceFits,
  queuesFit,
  teamFits,
);
