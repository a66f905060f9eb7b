/** Changes what may change of a network card that a running domain has: its cable. */
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { virError } from "@vireo/model/error";
import { checkDomain } from "@vireo/model/domain/check/check";
import { replaceDevice } from "@vireo/model/domain/device/change-devices";
import type { Interface } from "@vireo/model/domain/device/interface";
import { macFromRandom } from "@vireo/model/mac";
import { configureLink } from "../../host/tap.ts";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { changeFilter, withFilter } from "./change-filter.ts";
import type { DeviceWork } from "./device-work.ts";
import type { LiveDomain } from "./domain-view.ts";
import { isDirect, leavePlace, limitOf, withLink } from "./guest-links.ts";
import { type GuestPlug, plugOf } from "./guest-taps.ts";
import { asDefinition } from "./live-devices.ts";

const modelOf = ({ model }: Interface): string => model?.type ?? "rtl8139";

const member = (net: object, name: string): unknown => Reflect.get(net, name);

interface Fixed {
  readonly part: (net: Interface) => unknown;
  readonly text: string;
  /** It may be left out; others must be written again as they are. */
  readonly optional?: boolean;
}

/** What must stay, in the order in which libvirt looks. */
const FIXED: readonly Fixed[] = [
  {
    part: (net) => member(net, "driver"),
    text: "cannot modify virtio network device driver attributes",
  },
  { part: (net) => member(net, "script"), text: "cannot modify network device script attribute" },
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

/** @throws VireoError `operationUnsupported` in libvirt's words */
function mustBeChangeable(old: Interface, wanted: Interface): void {
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

/** @throws VireoError `operationUnsupported` when the host has no device to slow down */
async function changeSpeed(
  { definitions }: DeviceWork,
  old: Interface,
  now: Interface,
): Promise<void> {
  if (isDeepStrictEqual(old.bandwidth, now.bandwidth)) return;
  const { networks } = definitions.env;
  const dev = now.target?.dev;
  if (dev === undefined || networks === undefined)
    throw virError(
      "operationUnsupported",
      "Unable to set bandwidth for interface because device name is unknown",
    );
  const limit = limitOf(now);
  await (limit === undefined ? networks.unlimit(dev) : networks.limit(limit));
}

/** The card with the speed of another. */
function withSpeed(old: Interface, { bandwidth }: Interface): Interface {
  const { bandwidth: _old, ...rest } = old;
  return { ...rest, ...(bandwidth && { bandwidth }) } as Interface; // of the same type
}

const isBridged = ({ type }: Interface): boolean => type === "bridge" || type === "network";

const sourceOf = (net: Interface): object | undefined => ("source" in net ? net.source : undefined);

/** The name of the tap, where it can be moved. @throws VireoError `operationUnsupported` */
function movableTap(old: Interface, wanted: Interface): string {
  const tap = old.target?.dev;
  if (tap === undefined || isDirect(old) || !isBridged(old) || !isBridged(wanted))
    throw virError(
      "operationUnsupported",
      `unable to change config on '${wanted.type}' network type`,
    );
  return tap;
}

function bridgeIn({ plug }: GuestPlug): string {
  if (plug.type === "network" || plug.type === "bridge") return plug.bridge;
  throw virError(
    "operationUnsupported",
    "a tap device cannot be moved to an interface of the host",
  );
}

/** Plugs the tap that runs into another bridge. @throws VireoError `operationUnsupported` */
async function moveCable(
  { definitions, report }: DeviceWork,
  config: ResolvedDomain,
  { old, wanted }: { old: Interface; wanted: Interface },
): Promise<Interface> {
  const { networks } = definitions.env;
  const leave = (net: Interface): Promise<void> =>
    leavePlace(net, { networks, report: (error) => report("network card", error) });
  // a network that is not there is missed first
  const wanting = await plugOf(wanted, config, networks);
  const dev = old.target?.dev ?? "";
  const moved = withLink(wanted, { dev, ...(wanting.port && { port: wanting.port }) });
  try {
    await configureLink(movableTap(old, wanted), { bridge: bridgeIn(wanting) });
  } catch (error) {
    await leave(moved);
    throw error;
  }
  await leave(old);
  return moved;
}

const isUp = ({ link }: Interface): boolean => link?.state !== "down";

async function pullCable({ ask }: DeviceWork, old: Interface, wanted: Interface): Promise<void> {
  const up = isUp(wanted);
  if (up !== isUp(old)) await ask("set_link", { name: old.alias?.name ?? "", up });
}

export async function updateInterface(
  work: DeviceWork,
  { config }: LiveDomain,
  { wanted: written, index }: { wanted: Interface; index: number },
): Promise<void> {
  const old = config.devices.interfaces?.[index];
  if (old === undefined) throw virError("internalError", "the interface has no place");
  const mac = { address: macFromRandom("52:54:00", randomBytes(3)) };
  const wanted: Interface = { mac, ...written }; // as in a definition, one that is not written is made up
  const { facts } = await work.definitions.env.emulatorFor(config);
  const whole = { ...old, ...wanted } as Interface; // of the wanted type
  checkDomain(
    asDefinition(replaceDevice(config, { kind: "interfaces", device: whole }, index)),
    facts,
  );
  mustBeChangeable(old, wanted);
  const source = sourceOf(wanted);
  const same = wanted.type === old.type && isDeepStrictEqual(sourceOf(old), source);
  const moves =
    wanted.type !== old.type ||
    (source !== undefined && !same) ||
    !isDeepStrictEqual(old.tune, wanted.tune);
  const moved = moves ? await moveCable(work, config, { old, wanted }) : undefined;
  const unfilter = await changeFilter(work.definitions.env.filters, config, { old, wanted });
  try {
    await changeSpeed(work, old, withSpeed(moved ?? old, wanted));
    await pullCable(work, old, wanted);
  } catch (error) {
    await unfilter();
    throw error;
  }
  const { link: _old, ...rest } = withFilter(withSpeed(old, wanted), wanted);
  const device = {
    ...rest,
    ...(moved && { type: moved.type, source: sourceOf(moved) }),
    ...(wanted.link && { link: wanted.link }),
  } as Interface; // the source came with its type
  work.keep(replaceDevice(config, { kind: "interfaces", device }, index));
}
