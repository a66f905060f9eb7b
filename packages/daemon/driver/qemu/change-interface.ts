/** Changes what may change of a network card that a running domain has: its cable. */
import { isDeepStrictEqual } from "node:util";
import { virError } from "@vireo/model/error";
import { replaceDevice } from "@vireo/model/domain/device/change-devices";
import type { Interface } from "@vireo/model/domain/device/interface";
import { configureLink } from "../../host/tap.ts";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DeviceWork } from "./device-work.ts";
import type { LiveDomain } from "./domain-view.ts";
import { isDirect, leavePlace, withLink } from "./guest-links.ts";
import { type GuestPlug, plugOf } from "./guest-taps.ts";

const modelOf = ({ model }: Interface): string => model?.type ?? "rtl8139";

const FIXED = [
  ["mtu", "cannot modify MTU"],
  ["boot", "cannot modify network device boot index setting"],
  ["driver", "cannot modify virtio network device driver attributes"],
  ["filterref", "filters cannot be changed on network devices that are in use yet"],
  ["bandwidth", "the bandwidth is changed with domiftune"],
] as const;

const member = (net: object, name: string): unknown => Reflect.get(net, name);

/** @throws VireoError `operationUnsupported` in libvirt's words */
function mustBeChangeable(old: Interface, wanted: Interface): void {
  if (wanted.model !== undefined && modelOf(old) !== modelOf(wanted))
    throw virError(
      "operationUnsupported",
      `cannot modify network device model from ${modelOf(old)} to ${modelOf(wanted)}`,
    );
  for (const [name, text] of FIXED)
    if (
      member(wanted, name) !== undefined &&
      !isDeepStrictEqual(member(old, name), member(wanted, name))
    )
      throw virError("operationUnsupported", text);
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
  const tap = movableTap(old, wanted);
  const { networks } = definitions.env;
  const leave = (net: Interface): Promise<void> =>
    leavePlace(net, { networks, report: (error) => report("network card", error) });
  const wanting = await plugOf(wanted, config, networks);
  const moved = withLink(wanted, { dev: tap, ...(wanting.port && { port: wanting.port }) });
  try {
    await configureLink(tap, { bridge: bridgeIn(wanting) });
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
  { wanted, index }: { wanted: Interface; index: number },
): Promise<void> {
  const old = config.devices.interfaces?.[index];
  if (old === undefined) throw virError("internalError", "the interface has no place");
  mustBeChangeable(old, wanted);
  const source = sourceOf(wanted);
  const same = wanted.type === old.type && isDeepStrictEqual(sourceOf(old), source);
  const moves = source !== undefined && !same;
  const moved = moves ? await moveCable(work, config, { old, wanted }) : undefined;
  await pullCable(work, old, wanted);
  const { link: _old, ...rest } = old;
  const device = {
    ...rest,
    ...(moved && { type: moved.type, source: sourceOf(moved) }),
    ...(wanted.link && { link: wanted.link }),
  } as Interface; // the source came with its type
  work.keep(replaceDevice(config, { kind: "interfaces", device }, index));
}
