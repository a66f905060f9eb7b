/** `<interface>`: a network card and what it is connected to. */
import type { Interface } from "@vireo/model/domain/device/interface";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { bootIndex } from "./boot-index.ts";
import { busProps } from "./bus-address.ts";
import { driverOf, type InterfaceDriver } from "./interface-driver.ts";
import { isUnassigned } from "./hostdev.ts";
import { hostPciName } from "@vireo/model/domain/host-pci-name";
import { isVirtio, netdevId, netdevSteps, refuseForeignTap, virtioModel } from "./netdev.ts";
import { romProps } from "./rom.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";
import { virtioDriver, virtioProps } from "./virtio.ts";

/** QEMU's driver: virtio's has flavours, any other model is the driver's own name. */
const nicDriver = (net: Interface): string =>
  isVirtio(net)
    ? virtioDriver("virtio-net", net.address, virtioModel(net))
    : (net.model?.type ?? "rtl8139");

type Offloads = NonNullable<InterfaceDriver["host"]> & NonNullable<InterfaceDriver["guest"]>;

/** Names of offloads on both sides begin with the side. */
const sideProps = (side: "host" | "guest", offloads: Offloads): JsonObject => ({
  [`${side}_tso4`]: offloads.tso4,
  [`${side}_tso6`]: offloads.tso6,
  [`${side}_ecn`]: offloads.ecn,
  [`${side}_ufo`]: offloads.ufo,
});

const offloadProps = ({ host = {}, guest = {} }: InterfaceDriver): JsonObject => ({
  csum: host.csum,
  gso: host.gso,
  mrg_rxbuf: host.mrgRxbuf,
  ...sideProps("host", host),
  guest_csum: guest.csum,
  ...sideProps("guest", guest),
});

/** `iothread` is a bottom half in QEMU's words. */
const txMode = (mode: string | undefined): string | undefined =>
  mode === "iothread" ? "bh" : mode;

/** Two vectors per queue pair, one for configuration, one for control. */
function queueProps(net: Interface): JsonObject {
  const queues = driverOf(net)?.queues ?? 0;
  if (queues <= 1) return {};
  return net.address?.type === "ccw" ? { mq: true } : { mq: true, vectors: 2 * queues + 2 };
}

function virtioNicProps(net: Interface): JsonObject {
  const driver = driverOf(net);
  if (driver === undefined) return {};
  return {
    tx: txMode(driver.txMode),
    ioeventfd: driver.ioeventfd,
    event_idx: driver.eventIdx,
    ...offloadProps(driver),
    ...queueProps(net),
    rx_queue_size: driver.rxQueueSize,
    tx_queue_size: driver.txQueueSize,
    rss: driver.rss,
    hash: driver.rssHashReport,
    ...virtioProps(driver),
  };
}

function nicProps(net: Interface, scope: DeviceScope): JsonObject {
  return given({
    driver: nicDriver(net),
    ...(isVirtio(net) ? virtioNicProps(net) : {}),
    host_mtu: isVirtio(net) ? net.mtu?.size : undefined,
    failover: net.teaming?.type === "persistent" ? true : undefined,
    netdev: netdevId(net),
    id: aliasOf(net),
    mac: net.mac?.address,
    bootindex: bootIndex(net, scope),
    ...busProps(net, scope),
    ...romProps(net.rom),
  });
}

/** A card of the host: the guest drives it itself. */
function assignedProps(
  net: Extract<Interface, { type: "hostdev" }>,
  scope: DeviceScope,
): JsonObject {
  const address = net.source?.address;
  return given({
    driver: "vfio-pci",
    host: address?.type === "pci" ? hostPciName(address) : undefined,
    id: aliasOf(net),
    failover_pair_id: net.teaming?.type === "transient" ? net.teaming.persistent : undefined,
    bootindex: bootIndex(net, scope),
    ...busProps(net, scope),
    ...romProps(net.rom),
  });
}

/** A network card, with the host side it needs. */
export function interfaceSteps(net: Interface, scope: DeviceScope): PlugStep[] {
  refuseForeignTap(net);
  if (net.type === "hostdev") {
    return isUnassigned(net) ? [] : [deviceStep(assignedProps(net, scope), scope.origin)];
  }
  return [...netdevSteps(net, scope), deviceStep(nicProps(net, scope), scope.origin)];
}
