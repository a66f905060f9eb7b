/** The network driver: virtual networks, beside every hypervisor. */
import { join } from "node:path";
import type { Logger } from "pino";
import { explainError } from "@vireo/model/error";
import { ErrorDomain } from "@vireo/model/error-catalogue";
import { forwardMode } from "@vireo/model/network/parse-network";
import type { NetworkEvent } from "@vireo/model/network-event";
import { EventBus } from "../../event/event-bus.ts";
import type { Paths } from "../../host/paths.ts";
import type { Driver, FirewallBackend, Networks, Running } from "../contract.ts";
import { Dnsmasq } from "./dnsmasq.ts";
import { LeaseFiles } from "./lease-files.ts";
import { LinkLimits } from "./link-limits.ts";
import { networkBackend } from "./network-backend.ts";
import { NetworkGuard, sweepLimits } from "./network-guard.ts";
import { adoptNetwork, startNetwork } from "./network-life.ts";
import { NetworkList } from "./network-list.ts";
import { networkPath } from "./network-path.ts";
import { networkPortRole } from "./network-port-role.ts";
import { givePort, takePort, tunePort } from "./network-ports.ts";
import { leases, networkRole } from "./network-role.ts";
import { prepareDirectories } from "../../state/definition-store.ts";
import { JobJournal } from "../../state/job-journal.ts";
import { recoverNetworks } from "./network-recovery.ts";
import { PortStore } from "./port-store.ts";
import { networkStore } from "./network-store.ts";
import { VirtualNetwork } from "./virtual-network.ts";

/** Takes an active network over again, or starts one that is to start with the daemon. */
async function revive(list: NetworkList, network: VirtualNetwork): Promise<void> {
  try {
    if (network.live !== undefined) await adoptNetwork(list, network);
    const { live, config, autostart } = network;
    if (live === undefined && autostart && config !== undefined)
      await startNetwork(list, network, config);
  } catch (error) {
    list.tools.log.error({ network: network.identity.name }, `network: ${explainError(error)}`);
  }
}

/** What the drivers beside may ask. */
const networksOf = (list: NetworkList): Networks => ({
  leases: async (name, mac) => {
    const network = list.all().find((one) => one.definition.name === name);
    return network?.live === undefined ? [] : leases(list, network, mac);
  },
  path: (name, mac) => networkPath(list, name, mac),
  givesDevices: (name) => {
    const network = list.all().find(({ identity }) => identity.name === name);
    return network?.live !== undefined && forwardMode(network.live) === "hostdev";
  },
  allocate: async (name, wish) => {
    const network = list.find({ name });
    const port = await takePort(list, network, wish);
    const { mtu } = network.active();
    return { port, ...(mtu === undefined ? {} : { mtu: mtu.size }) };
  },
  release: async (name, uuid) => {
    const network = list.all().find(({ identity }) => identity.name === name);
    if (network?.ports.has(uuid) === true) await givePort(list, network, uuid);
  },
  retune: (name, uuid, bandwidth) => tunePort(list, list.find({ name }), { uuid, bandwidth }),
  limit: (limit) => list.tools.limits.set(limit),
  unlimit: (dev) => list.tools.limits.clear(dev),
  settle: (running) => settle(list, running),
});

/** Gives back what guests had that ended while no daemon was there. */
async function settle(list: NetworkList, { owners, ports, limits }: Running): Promise<void> {
  for (const network of list.all())
    for (const { uuid, owner } of network.ports.values())
      if (owner !== undefined && owners.has(owner.uuid) && !ports.has(uuid))
        await givePort(list, network, uuid);
  for (const limit of limits) list.tools.limits.know(limit);
}

/** Resolves when the networks are known, and those that ran or start by themselves are up. */
export async function startNetworkDriver(
  paths: Paths,
  log: Logger,
  firewall?: FirewallBackend,
): Promise<{ readonly driver: Driver; readonly networks: Networks }> {
  const events = new EventBus<NetworkEvent>((error, { event }) =>
    log.error({ event }, `event subscriber failed: ${explainError(error)}`),
  );
  const journal = join(paths.run, "network/journal");
  await prepareDirectories([journal]);
  const dnsmasq = new Dnsmasq(paths);
  const tools = {
    store: networkStore(paths),
    ports: new PortStore(join(paths.run, "network/ports")),
    journal: new JobJournal(journal),
    dnsmasq,
    leaseFiles: new LeaseFiles(paths.leaseFiles, dnsmasq, log),
    limits: new LinkLimits(),
    firewall: networkBackend(firewall),
    events,
    log,
    hooks: paths.hooks,
  };
  const list = new NetworkList(tools);
  const report = (path: string, error: unknown): void =>
    log.error({ path }, `cannot read network: ${explainError(error)}`);
  const stored = await tools.store.load(report);
  for (const { autostart, ...definitions } of stored) {
    const network = new VirtualNetwork(definitions);
    network.autostart = autostart;
    if (network.live !== undefined) await tools.ports.load(network, report);
    list.add(network);
  }
  const recovered = await recoverNetworks(list);
  for (const network of list.all()) await revive(list, network);
  if (recovered || stored.length > 0)
    await sweepLimits().catch((error: unknown) => log.warn(explainError(error)));
  const guard = new NetworkGuard(list);
  const driver: Driver = {
    name: "network",
    errorDomain: ErrorDomain.network,
    roles: { network: networkRole(list), networkPort: networkPortRole(list) },
    events: { network: events },
    close: () => guard.close(),
  };
  return { driver, networks: networksOf(list) };
}
