/** The network's bridge on the host. */
import { hostProgram } from "./host-program.ts";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { virError } from "@vireo/model/error";
import { prefixOf } from "@vireo/model/network/check-dhcp";
import { formatIp, maskOf, networkOf, parseIp } from "@vireo/model/network/ip-address";
import type { Network } from "@vireo/model/network/network";
import { forwardMode } from "@vireo/model/network/parse-network";
import { hostError } from "../../host/errno.ts";
import { readTextIfThere } from "../../host/file.ts";

/** An interface's name, as the kernel takes it and as rules can quote it. */
const NAME = /^[A-Za-z0-9_.-]{1,15}$/;

export const bridgeOf = ({ bridge, name }: Network): string => {
  if (bridge?.name !== undefined && NAME.test(bridge.name)) return bridge.name;
  throw virError("internalError", `network '${name}' does not have a bridge name.`);
};

export const linkExists = (name: string): boolean => existsSync(`/sys/class/net/${name}`);

async function sysctl(path: string, value: string): Promise<void> {
  await writeFile(`/proc/sys/net/${path}`, value).catch((error: unknown) => {
    throw hostError(`Cannot write '/proc/sys/net/${path}'`, error);
  });
}

/**
 * Puts the bridge into a zone of firewalld. Without firewalld there are no zones.
 * @throws VireoError `internalError`, also for a zone that there is not
 */
export async function joinZone({ bridge, name }: Network): Promise<void> {
  const zone = bridge?.zone;
  if (zone === undefined) return;
  await hostProgram("firewall-cmd", ["--state"]).catch((cause: unknown) => {
    const detail = `zone ${zone} requested for network ${name} but firewalld is not active`;
    throw virError("internalError", detail, { cause });
  });
  await hostProgram("firewall-cmd", [`--zone=${zone}`, `--change-interface=${bridge?.name ?? ""}`]);
}

/** A word of /proc/net/route: an address with its bytes as the host has them, little end first. */
const routeWord = (hex: string): bigint =>
  BigInt(`0x${(hex.match(/../g) ?? []).toReversed().join("") || "0"}`);

/** A route of /proc/net/ipv6_route that is about addresses of others than this host alone. */
interface SixRoute {
  readonly bits: bigint;
  readonly prefix: number;
  readonly dev: string;
}
function sixRoutes(text: string): readonly SixRoute[] {
  return text.split("\n").flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const [to = "", prefix = ""] = words;
    const dev = words.at(-1);
    if (to.length !== 32 || dev === undefined || dev === "lo") return [];
    return [{ bits: BigInt(`0x${to}`), prefix: Number.parseInt(prefix, 16), dev }];
  });
}

async function checkSixRoutes(ips: NonNullable<Network["ips"]>): Promise<void> {
  const routes = sixRoutes((await readTextIfThere("/proc/net/ipv6_route")) ?? "");
  for (const ip of ips) {
    const address = parseIp(ip.address);
    if (address?.family !== "ipv6") continue;
    const prefix = prefixOf(ip);
    const { bits } = networkOf(address, prefix);
    const clash = routes.find((one) => one.bits === bits && one.prefix === prefix);
    if (clash !== undefined) throw inUse(clash.dev);
  }
}

const inUse = (dev: string) =>
  virError("internalError", `Network is already in use by interface ${dev}`);

/**
 * Refuses a network that the host reaches otherwise already.
 * @throws VireoError `internalError`
 */
export async function checkRoutes({ ips = [] }: Network): Promise<void> {
  await checkSixRoutes(ips);
  const lines = ((await readTextIfThere("/proc/net/route")) ?? "").split("\n").slice(1);
  const routes = lines.map((line) => line.split("\t"));
  for (const ip of ips) {
    const address = parseIp(ip.address);
    if (address?.family !== "ipv4") continue;
    const prefix = prefixOf(ip);
    const clash = routes.find(
      ([dev, destination = "", , , , , , mask = ""]) =>
        dev !== undefined &&
        mask !== "" &&
        routeWord(destination) === networkOf(address, prefix).bits &&
        routeWord(mask) === maskOf("ipv4", prefix),
    );
    if (clash !== undefined) throw inUse(clash[0] ?? "");
  }
}

async function addAddresses(bridge: string, { ips = [] }: Network): Promise<void> {
  for (const ip of ips) {
    const v6 = ip.family === "ipv6" ? ["nodad"] : ["broadcast", "+"];
    const address = `${ip.address}/${prefixOf(ip)}`;
    await hostProgram("ip", ["address", "add", address, ...v6, "dev", bridge]);
  }
}

async function addRoutes(bridge: string, { routes = [] }: Network): Promise<void> {
  for (const { address, netmask, prefix, gateway, metric, family } of routes) {
    const to = {
      address,
      ...(netmask && { netmask }),
      ...(prefix && { prefix }),
      ...(family && { family }),
    };
    const parsed = parseIp(address);
    const length = prefixOf(to);
    const network = parsed === undefined ? address : formatIp(networkOf(parsed, length));
    const more = metric === undefined ? [] : ["metric", String(metric)];
    const target = [`${network}/${length}`, "via", gateway, "dev", bridge, ...more];
    await hostProgram("ip", ["route", "replace", ...target]);
  }
}

async function addLink(name: string, { bridge, mac }: Network): Promise<void> {
  const stp = bridge?.stp === false ? "0" : "1";
  // the kernel counts in hundredths of a second
  const delay = String((bridge?.delay ?? 0) * 100);
  const address = mac === undefined ? [] : ["address", mac.address];
  const kind = ["type", "bridge", "stp_state", stp, "forward_delay", delay];
  await hostProgram("ip", ["link", "add", name, ...address, ...kind]);
}

/** Makes the bridge with its addresses; the caller takes it away when this fails. @throws VireoError */
export async function makeBridge(network: Network): Promise<void> {
  const name = bridgeOf(network);
  const { mtu, ips = [] } = network;
  if (linkExists(name))
    throw virError("systemError", `Unable to create bridge ${name}: File exists`);
  await addLink(name, network);
  if (mtu !== undefined) await hostProgram("ip", ["link", "set", name, "mtu", String(mtu.size)]);
  const v6 = network.ipv6 === true || ips.some(({ family }) => family === "ipv6");
  if (existsSync(`/proc/sys/net/ipv6/conf/${name}`))
    await sysctl(`ipv6/conf/${name}/disable_ipv6`, v6 ? "0" : "1");
  await addAddresses(name, network);
  await hostProgram("ip", ["link", "set", name, "up"]);
  await addRoutes(name, network);
  if (forwardMode(network) !== "none") await openForwarding(v6);
}

/** Guests cannot go beyond the host while it does not pass packets on. */
async function openForwarding(v6: boolean): Promise<void> {
  await sysctl("ipv4/ip_forward", "1");
  if (v6 && existsSync("/proc/sys/net/ipv6")) await sysctl("ipv6/conf/all/forwarding", "1");
}

export async function removeBridge(name: string): Promise<void> {
  if (linkExists(name)) await hostProgram("ip", ["link", "delete", name, "type", "bridge"]);
}
