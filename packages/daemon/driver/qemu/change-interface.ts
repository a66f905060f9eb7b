/** Changes what may change of a network card that a running domain has: its cable. */
import { isDeepStrictEqual } from "node:util";
import { virError } from "@vireo/model/error";
import { replaceDevice } from "@vireo/model/domain/device/change-devices";
import type { Interface } from "@vireo/model/domain/device/interface";
import { configureLink } from "../../host/tap.ts";
import type { DeviceWork } from "./device-work.ts";
import type { LiveDomain } from "./domain-view.ts";
import { plugOf } from "./guest-taps.ts";

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

/** Plugs the tap that runs into another bridge. @throws VireoError `operationUnsupported` */
async function moveCable(
  { definitions }: DeviceWork,
  old: Interface,
  wanted: Interface,
): Promise<void> {
  const tap = old.target?.dev;
  if (!isBridged(old) || !isBridged(wanted) || tap === undefined)
    throw virError(
      "operationUnsupported",
      `unable to change config on '${wanted.type}' network type`,
    );
  const { bridge } = plugOf(wanted, definitions.env.networks);
  await configureLink(tap, bridge === undefined ? {} : { bridge });
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
  if (moves) await moveCable(work, old, wanted);
  await pullCable(work, old, wanted);
  const { link: _old, ...rest } = old;
  const device = {
    ...rest,
    ...(moves && { type: wanted.type, source }),
    ...(wanted.link && { link: wanted.link }),
  } as Interface; // the source came with its type
  work.keep(replaceDevice(config, { kind: "interfaces", device }, index));
}
