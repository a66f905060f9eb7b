/** A tap device that somebody else connects: a script of the administrator, or whoever made it beforehand. */
import { closeSync } from "node:fs";
import type { Interface } from "@vireo/model/domain/device/interface";
import { virError } from "@vireo/model/error";
import { execProgram } from "../../../host/exec.ts";
import { configureLink, linkIsThere, setCoalescedFrames } from "../../../host/link.ts";
import { isMacvtap, openForeignMacvtap } from "../../../host/macvtap.ts";
import type { Tap } from "../../../host/tap.ts";
import {
  hasVnetHeader,
  hostAddressOf,
  mustBeFreeName,
  openCardTap,
  queuesOf,
  wantedName,
} from "./card-tap.ts";
import type { Connection } from "./wiring.ts";

type Ethernet = Extract<Interface, { type: "ethernet" }>;
type Address = NonNullable<NonNullable<Ethernet["source"]>["ips"]>[number];
type Route = NonNullable<NonNullable<Ethernet["source"]>["routes"]>[number];

const SCRIPT_MS = 30_000;

const isForeign = ({ target }: Interface): boolean => target?.managed === false;

/** A device that was there before and stays. @throws VireoError `internalError`, `systemError` */
async function openForeign(net: Interface): Promise<Tap> {
  const name = net.target?.dev ?? "";
  if (name === "") throw virError("internalError", "target dev must be supplied when managed='no'");
  if (!linkIsThere(name))
    throw virError("internalError", "target managed='no' but specified dev doesn't exist");
  if (!isMacvtap(name)) return openCardTap(net, name);
  const how = { vnetHeader: hasVnetHeader(net), queues: queuesOf(net) };
  const fds = await openForeignMacvtap(name, how);
  return { name, fds, close: () => fds.forEach((fd) => closeSync(fd)) };
}

/** What `ip address add` is told. */
const addressWords = ({ address, prefix, peer, family }: Address): readonly string[] => {
  const length = prefix ?? (family === "ipv6" ? 128 : 32);
  return peer === undefined ? [`${address}/${length}`] : [address, "peer", `${peer}/${length}`];
};

const routeWords = ({ address = "default", prefix, netmask, gateway, metric }: Route) => [
  prefix === undefined && netmask === undefined ? address : `${address}/${prefix ?? netmask}`,
  ...(gateway === undefined ? [] : ["via", gateway]),
  ...(metric === undefined ? [] : ["metric", String(metric)]),
];

/** Addresses and routes of the host's end. @throws VireoError `internalError` */
async function giveAddresses(dev: string, { source = {} }: Ethernet): Promise<void> {
  for (const one of source.ips ?? [])
    await execProgram("ip", ["address", "add", ...addressWords(one), "dev", dev]);
  for (const one of source.routes ?? [])
    await execProgram("ip", ["route", "add", ...routeWords(one), "dev", dev]);
}

async function runScript(script: { path?: string | undefined } | undefined, dev: string) {
  if (script?.path) await execProgram(script.path, [dev], { timeoutMs: SCRIPT_MS });
}

export const ethernet: Connection = {
  open: ({ net }) => {
    if (isForeign(net)) return openForeign(net);
    const name = wantedName(net);
    if (name !== undefined) mustBeFreeName(name, false);
    return openCardTap(net);
  },
  join: async (dev, { net }) => {
    if (net.type !== "ethernet") return;
    const frames = net.coalesce?.rx?.frames?.max;
    if (frames !== undefined) setCoalescedFrames(dev, frames);
    if (isForeign(net)) return;
    const size = net.mtu?.size;
    configureLink(dev, { ...hostAddressOf(net), ...(size === undefined ? {} : { mtu: size }) });
    await runScript(net.script, dev);
    await giveAddresses(dev, net);
  },
  leave: (dev, { downscript }) => runScript(downscript, dev),
};
