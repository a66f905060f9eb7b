/** Devices of the host that a guest is given: asked for, put into the configuration as they are, and given back. */
import { virError } from "@vireo/model/error";
import type { Hostdev } from "@vireo/model/domain/device/hostdev";
import type { Interface } from "@vireo/model/domain/device/interface";
import type { KindedDevice } from "@vireo/model/domain/device/parse-device";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { NetworkPlace, WantedDevice } from "../contract.ts";
import type { QemuEnvironment } from "./environment.ts";
import { plugOf } from "./guest-taps.ts";
import type { Undo } from "./undo.ts";

type Env = Pick<QemuEnvironment, "devices" | "networks" | "owners">;
type Report = (error: unknown) => void;
type Card = Extract<Interface, { type: "hostdev" }>;
type Owner = Pick<ResolvedDomain, "name" | "uuid">;

/** Places in networks, by the guest's name for the card. */
type Places = ReadonlyMap<string, NetworkPlace>;

const PREFIX = "hostdev";

/** The device that a card of the host is. */
function deviceOf({ source, managed, alias, hostDriver }: Card): Hostdev {
  const { address } = source ?? {};
  if (address?.type !== "pci")
    throw virError("configUnsupported", "only PCI network devices can be given to guests");
  const { domain = 0, bus = 0, slot = 0, function: fn = 0 } = address;
  return {
    mode: "subsystem",
    type: "pci",
    ...(managed !== undefined && { managed }),
    ...(hostDriver?.name && { driver: { name: hostDriver.name } }),
    source: { address: { domain, bus, slot, function: fn } },
    ...(alias && { alias }),
  };
}

/** A function has one VLAN, and its packets no tag. @throws VireoError `configUnsupported` */
function vlanOf({ vlan }: Card): number | undefined {
  const tags = vlan?.tags ?? [];
  if (tags.length > 1 || vlan?.trunk === true)
    throw virError("configUnsupported", "vlan trunking is not supported by SR-IOV network devices");
  return tags[0]?.id;
}

const wantedCard = (card: Card, place: NetworkPlace | undefined): WantedDevice => ({
  alias: card.alias?.name ?? "",
  hostdev: deviceOf(card),
  card: { mac: card.mac?.address, vlan: vlanOf(card) },
  ...(place && { port: place }),
});

/** As it runs. */
const driven = (net: Interface): Interface =>
  isCard(net) ? { ...net, hostDriver: { name: "vfio" } } : net;

const isCard = (net: Interface): net is Card => net.type === "hostdev";

/** The guest's card on a pool of functions becomes the function that the network gives. */
function pooledCard(net: Interface, plug: PoolPlug): Card {
  const open = { source: undefined, driver: undefined, ...net };
  const { type: _type, source: _source, alias: _alias, driver: _driver, ...shared } = open;
  return {
    ...(shared as Omit<Card, "type">), // what interfaces of all types have
    type: "hostdev",
    managed: plug.managed,
    ...(plug.driver && { hostDriver: { name: plug.driver.name } }),
    source: { address: { type: "pci", ...plug.address } },
  } as Card;
}
type PoolPlug = Extract<Awaited<ReturnType<typeof plugOf>>["plug"], { type: "hostdev-pci" }>;

/** What a card becomes, and its place, when its network is a pool of devices. */
export interface PooledCard {
  readonly card: Card;
  readonly place: NetworkPlace;
}

/** Undefined of a card that gets a link of its own. @throws VireoError as `plugOf` */
export async function cardFromPool(
  net: Interface,
  owner: Owner,
  { env, undo }: { env: Env; undo: Undo },
): Promise<PooledCard | undefined> {
  const { networks } = env;
  if (net.type !== "network" || networks === undefined) return undefined;
  const network = net.source?.network ?? "";
  if (!networks.givesDevices(network)) return undefined;
  const { plug, port } = await plugOf(net, owner, networks);
  if (port === undefined) return undefined;
  undo.add("place in a network", () => networks.release(network, port.uuid));
  if (plug.type !== "hostdev-pci") return undefined;
  const { vlan } = port;
  const card = pooledCard({ ...net, ...(vlan && { vlan }) }, plug);
  return { card, place: { network, id: port.uuid } };
}

const freeName = (taken: Set<string>): string => {
  let number = 0;
  while (taken.has(`${PREFIX}${number}`)) number++;
  taken.add(`${PREFIX}${number}`);
  return `${PREFIX}${number}`;
};

/** All cards of a domain that is about to start, those of pools by what they got. */
async function withPooled(
  config: ResolvedDomain,
  at: { env: Env; undo: Undo },
): Promise<{ readonly config: ResolvedDomain; readonly places: Places }> {
  const { interfaces = [], hostdevs = [] } = config.devices;
  const names = new Set([...hostdevs, ...interfaces].flatMap(({ alias }) => alias?.name ?? []));
  const places = new Map<string, NetworkPlace>();
  const cards: Interface[] = [];
  for (const net of interfaces) {
    const pooled = await cardFromPool(net, config, at);
    if (pooled === undefined) cards.push(net);
    else {
      const name = freeName(names);
      places.set(name, pooled.place);
      cards.push({ ...pooled.card, alias: { name } });
    }
  }
  if (places.size === 0) return { config, places };
  return { config: { ...config, devices: { ...config.devices, interfaces: cards } }, places };
}

const wantedHostdev = (hostdev: Hostdev): WantedDevice => ({
  alias: hostdev.alias?.name ?? "",
  hostdev,
});

/**
 * Takes all devices of the host for a domain that is about to start.
 * @throws VireoError `configUnsupported`, `operationInvalid` and whatever else speaks against it
 */
export async function withAssigned(
  env: Env,
  wanted: ResolvedDomain,
  undo: Undo,
): Promise<ResolvedDomain> {
  const { config, places } = await withPooled(wanted, { env, undo });
  const { hostdevs = [], interfaces = [] } = config.devices;
  const all = [
    ...hostdevs.map(wantedHostdev),
    ...interfaces
      .filter(isCard)
      .map((card) => wantedCard(card, places.get(card.alias?.name ?? ""))),
  ];
  if (all.length === 0) return config;
  await releaseDevices(env, { uuid: config.uuid }, () => undefined); // what an end could not give back in time
  const found = await take(env, { config, all }, undo);
  const present = {
    ...(interfaces.length > 0 && { interfaces: interfaces.map(driven) }),
    ...(hostdevs.length > 0 && { hostdevs: found.slice(0, hostdevs.length) }),
  };
  return { ...config, devices: { ...config.devices, ...present } };
}

/** Of a definition, or of what runs: cards on pools have their device only while they run. */
export function wantedDevices({ devices }: ResolvedDomain): readonly WantedDevice[] {
  const { hostdevs = [], interfaces = [] } = devices;
  return [
    ...hostdevs.map(wantedHostdev),
    ...interfaces.filter(isCard).map((card) => wantedCard(card, undefined)),
  ];
}

async function take(
  { devices, owners }: Env,
  { config: { name, uuid }, all }: { config: Owner; all: readonly WantedDevice[] },
  undo: Undo,
): Promise<readonly Hostdev[]> {
  if (devices === undefined) return all.map(({ hostdev }) => hostdev);
  const found = await devices.take({ name, uuid }, all);
  // places in networks have an undo of their own
  for (const { alias } of all) undo.add(`device ${alias}`, () => devices.giveBack(uuid, alias));
  if (owners === undefined) return found;
  const names = new Set(all.map(({ alias }) => alias));
  const nodes = (await devices.nodes(uuid)).filter(({ alias }) => names.has(alias));
  const held = nodes.map(({ alias, path }) => ({ node: alias, path }));
  undo.add("owners of devices", () => owners.drop(uuid, held));
  await owners.hold(uuid, held);
  return found;
}

/** One that a running domain gets, as it is on this host now. @throws VireoError as `withAssigned` */
export async function takeForLive(
  env: Env,
  { owner, added, place }: { owner: Owner; added: KindedDevice; place: NetworkPlace | undefined },
  undo: Undo,
): Promise<KindedDevice> {
  if (added.kind === "hostdevs") {
    const [device] = await take(env, { config: owner, all: [wantedHostdev(added.device)] }, undo);
    return device === undefined ? added : { kind: "hostdevs", device };
  }
  if (added.kind !== "interfaces" || !isCard(added.device)) return added;
  await take(env, { config: owner, all: [wantedCard(added.device, place)] }, undo);
  return { kind: "interfaces", device: driven(added.device) };
}

/** Gives back what a domain has, or one device, and what goes with it. */
export async function releaseDevices(
  { devices, networks, owners }: Env,
  { uuid, alias }: { readonly uuid: string; readonly alias?: string },
  report: Report,
): Promise<void> {
  const nodes = owners === undefined ? [] : ((await devices?.nodes(uuid)) ?? []);
  const gone = nodes.filter((one) => alias === undefined || one.alias === alias);
  const held = gone.map((one) => ({ node: one.alias, path: one.path }));
  await owners?.drop(uuid, held).catch(report);
  const places = (await devices?.giveBack(uuid, alias)) ?? [];
  for (const { network, id } of places) await networks?.release(network, id).catch(report);
}
