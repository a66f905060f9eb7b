/** Changes what may change of a network card that a running domain has, on the host and in QEMU: all of it or nothing. */
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { checkConnection } from "@vireo/model/domain/check/check-connection";
import { checkDomain } from "@vireo/model/domain/check/check";
import { replaceDevice } from "@vireo/model/domain/device/change-devices";
import type { Interface } from "@vireo/model/domain/device/interface";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { virError } from "@vireo/model/error";
import { macFromRandom } from "@vireo/model/mac";
import { isolatePort, joinBridge, linkIsThere, setCoalescedFrames } from "../../host/link.ts";
import { setSwitchVlan } from "../../host/open-vswitch.ts";
import { changeFilter, withFilter } from "./change-filter.ts";
import type { DeviceWork } from "./device-work.ts";
import type { LiveDomain } from "./domain-view.ts";
import { leavePlace, limitOf, withLink } from "./guest-links.ts";
import { plugOf } from "./guest-taps.ts";
import { asDefinition } from "./live-devices.ts";
import { bridgeIn, mustKeepCard, mustStayConnected, placeIn } from "./nic/changeable.ts";
import { Undo } from "./undo.ts";

/** A card as it runs, and as it is to run. */
interface Change {
  readonly old: Interface;
  readonly now: Interface;
  /** Its device on the host; empty when it has none. */
  readonly dev: string;
}

type Step = (work: DeviceWork, change: Change) => void | Promise<void>;

interface Part {
  readonly name: string;
  readonly of: (net: Interface) => unknown;
  /** Makes the card from what it is in `old` into what it is in `now`. */
  readonly change: Step;
}

/** @throws VireoError `operationUnsupported` when the host has no device to slow down */
async function changeSpeed({ definitions }: DeviceWork, { now, dev }: Change): Promise<void> {
  const { networks } = definitions.env;
  if (dev === "" || networks === undefined)
    throw virError(
      "operationUnsupported",
      "Unable to set bandwidth for interface because device name is unknown",
    );
  const limit = limitOf(now);
  await (limit === undefined ? networks.unlimit(dev) : networks.limit(limit));
}

/** @throws VireoError `operationFailed` */
async function moveCable(_work: DeviceWork, { now, dev }: Change): Promise<void> {
  const bridge = bridgeIn(now) ?? "";
  if (!linkIsThere(bridge)) throw virError("operationFailed", `bridge ${bridge} doesn't exist`);
  joinBridge(dev, bridge);
  if (now.port?.isolated === true) isolatePort(dev, true);
}

const filterCard: Step = ({ definitions, actor }, { old, now }) =>
  changeFilter(definitions.env.filters, actor.view.definition, { old, wanted: now });

const isUp = ({ link }: Interface): boolean => link?.state !== "down";

const pullCable: Step = async ({ ask }, { old, now }) => {
  await ask("set_link", { name: old.alias?.name ?? "", up: isUp(now) });
};

/** In libvirt's order. */
const PARTS: readonly Part[] = [
  { name: "bandwidth", of: ({ bandwidth }) => bandwidth, change: changeSpeed },
  {
    name: "coalesce",
    of: ({ coalesce }) => coalesce?.rx?.frames?.max,
    change: (_work, { now, dev }) => setCoalescedFrames(dev, now.coalesce?.rx?.frames?.max ?? 0),
  },
  { name: "bridge", of: bridgeIn, change: moveCable },
  {
    name: "isolation",
    of: ({ port }) => port?.isolated === true,
    change: (_work, { now, dev }) => isolatePort(dev, now.port?.isolated === true),
  },
  { name: "packet filter", of: ({ filterRef }) => filterRef, change: filterCard },
  {
    name: "VLAN",
    of: ({ vlan }) => vlan,
    change: (_work, { now, dev }) => setSwitchVlan(dev, now.vlan ?? {}),
  },
  { name: "link", of: isUp, change: pullCable },
];

/** A part that fails may have done half of its work: it is undone too. Tells whether there was anything to do. */
async function performed(work: DeviceWork, change: Change, undo: Undo): Promise<boolean> {
  const back = { ...change, old: change.now, now: change.old };
  const parts = PARTS.filter(({ of }) => !isDeepStrictEqual(of(change.old), of(change.now)));
  for (const { name, change: step } of parts) {
    undo.add(name, () => step(work, back));
    await step(work, change);
  }
  return parts.length > 0;
}

/** Written as clients see a running card: what came from a network goes on belonging to it. */
function ofItsNetwork(wanted: Interface, old: Interface): Interface {
  if (old.type !== "network" || old.source?.actual === undefined) return wanted;
  const same =
    wanted.type === "bridge"
      ? bridgeIn(wanted) === bridgeIn(old)
      : wanted.type === "direct" && isDeepStrictEqual(placeIn(wanted), placeIn(old));
  if (!same || wanted.type !== old.source.actual) return wanted;
  return { ...wanted, type: "network", source: old.source };
}

/** It keeps its place in its network. */
const staysIn = (old: Interface, wanted: Interface): boolean =>
  wanted.type === "network" && old.type === "network" && wanted.source === old.source;

/** The card as it is to run, on the device that it has; a network gives it a new place. */
async function placed(
  { definitions }: DeviceWork,
  config: ResolvedDomain,
  { old, wanted }: { old: Interface; wanted: Interface },
): Promise<Interface> {
  const dev = old.target?.dev ?? "";
  const settled = withFilter(wanted, wanted);
  if (staysIn(old, wanted)) return { ...settled, target: { ...settled.target, dev } };
  const { port } = await plugOf(settled, config, definitions.env.networks);
  return withLink(settled, { dev, ...(port && { port }) });
}

/** What the guest has keeps what it was made with. */
function merged(old: Interface, now: Interface): Interface {
  const { bandwidth, coalesce, downscript, filterRef, link, port, virtualPort, vlan, type } = now;
  const {
    bandwidth: _bandwidth,
    coalesce: _coalesce,
    downscript: _downscript,
    filterRef: _filter,
    link: _link,
    port: _port,
    virtualPort: _profile,
    vlan: _vlan,
    ...kept
  } = old;
  return {
    ...kept,
    type,
    ...("source" in now && { source: now.source }),
    ...(bandwidth && { bandwidth }),
    ...(coalesce && { coalesce }),
    ...(downscript && { downscript }),
    ...(filterRef && { filterRef }),
    ...(link && { link }),
    ...(port && { port }),
    ...(virtualPort && { virtualPort }),
    ...(vlan && { vlan }),
  } as Interface; // the source came with its type
}

async function check(
  { definitions }: DeviceWork,
  config: ResolvedDomain,
  { old, wanted, index }: { old: Interface; wanted: Interface; index: number },
): Promise<void> {
  const { facts } = await definitions.env.emulatorFor(config);
  const whole = { ...old, ...wanted } as Interface; // of the wanted type
  checkDomain(
    asDefinition(replaceDevice(config, { kind: "interfaces", device: whole }, index)),
    facts,
  );
  mustKeepCard(old, wanted);
}

export async function updateInterface(
  work: DeviceWork,
  { config }: LiveDomain,
  { wanted: written, index }: { wanted: Interface; index: number },
): Promise<void> {
  const old = config.devices.interfaces?.[index];
  if (old === undefined) throw virError("internalError", "the interface has no place");
  const mac = { address: macFromRandom("52:54:00", randomBytes(3)) };
  const wanted = ofItsNetwork({ mac, ...written }, old); // one that is not written is made up
  await check(work, config, { old, wanted, index });
  const { networks } = work.definitions.env;
  const report = (error: unknown): void => work.report("network card", error);
  const leave = (net: Interface): Promise<void> => leavePlace(net, { networks, report });
  const now = await placed(work, config, { old, wanted });
  const undo = new Undo();
  let changed = false;
  try {
    checkConnection(now);
    mustStayConnected(old, now);
    changed = await performed(work, { old, now, dev: old.target?.dev ?? "" }, undo);
  } catch (error) {
    await undo.run(work.report);
    throw error;
  } finally {
    if (!staysIn(old, now)) await leave(changed ? old : now);
  }
  if (changed)
    work.keep(replaceDevice(config, { kind: "interfaces", device: merged(old, now) }, index));
}
