/** The way of a guest's packets over the host, and what stops them. */
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { explainError, virError } from "@vireo/model/error";
import type { Interface } from "@vireo/model/domain/device/interface";
import type { PathStep } from "@vireo/model/operation/domain-insight";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import type { Definitions } from "./definition.ts";
import type { QemuEnvironment } from "./environment.ts";

type Path = OperationOutput<"domain", "networkPath">[number];

const step = (part: PathStep["part"], state: PathStep["state"], text: string): PathStep => ({
  part,
  state,
  text,
});
/** What stops packets, with the command that mends it. */
const stopped = (part: PathStep["part"], text: string, mend: string): PathStep => ({
  part,
  state: "drops",
  text,
  mend,
});

const of = (dev: string, file: string): string => {
  try {
    return readFileSync(`/sys/class/net/${dev}/${file}`, "utf8").trim();
  } catch {
    return "";
  }
};

const IFF_UP = 1;

function cardStep({ model, link, mac, target }: Interface, domain: string): PathStep {
  const kind = `${model?.type ?? "rtl8139"} card`;
  if (link?.state !== "down") return step("card", "passes", kind);
  const which = target?.dev ?? mac?.address ?? "";
  return stopped(
    "card",
    `${kind}: its cable is pulled`,
    `virsh domif-setlink ${domain} ${which} up`,
  );
}

function tapStep(dev: string): PathStep {
  if (!existsSync(`/sys/class/net/${dev}`)) return step("tap", "drops", `${dev} is gone`);
  if ((Number(of(dev, "flags")) & IFF_UP) === 0)
    return stopped("tap", `${dev} is switched off`, `ip link set ${dev} up`);
  if (of(dev, "carrier") === "0")
    return step("tap", "drops", `${dev} is on, but QEMU does not use it yet`);
  const [from, to] = [of(dev, "statistics/rx_packets"), of(dev, "statistics/tx_packets")];
  const lost = Number(of(dev, "statistics/tx_dropped"));
  const words = `${dev}: ${from} packets from the guest, ${to} to it, ${lost} of those lost`;
  return step("tap", "passes", words);
}

/** The bridge that a device is a port of. */
function masterOf(dev: string): string | undefined {
  try {
    return basename(readlinkSync(`/sys/class/net/${dev}/master`));
  } catch {
    return undefined;
  }
}

/** The kernel's numbers of a port's states. */
const PORT_STATES: readonly string[] = [
  "disabled",
  "listening",
  "learning",
  "forwarding",
  "blocking",
];

function bridgeStep(dev: string, wanted: string): PathStep {
  const bridge = masterOf(dev);
  if (bridge !== wanted)
    return stopped(
      "bridge",
      `${dev} is ${bridge === undefined ? "in no bridge" : `in ${bridge}`} instead of ${wanted}`,
      `ip link set ${dev} master ${wanted}`,
    );
  if ((Number(of(bridge, "flags")) & IFF_UP) === 0)
    return stopped("bridge", `${bridge} is switched off`, `ip link set ${bridge} up`);
  const state = PORT_STATES[Number(of(dev, "brport/state"))] ?? "unknown";
  if (state !== "forwarding")
    return stopped(
      "bridge",
      `${bridge}: the port ${dev} is ${state}`,
      `bridge link set dev ${dev} state ${PORT_STATES.indexOf("forwarding")}`,
    );
  return of(dev, "brport/isolated") === "1"
    ? step(
        "bridge",
        "limits",
        `${bridge}: the port is isolated, other isolated guests cannot be reached`,
      )
    : step("bridge", "passes", bridge);
}

const macvtapStep = (lower: string, mode = "vepa"): PathStep =>
  step("bridge", "passes", `macvtap on ${lower}, mode ${mode}`);

/** Where the card is plugged in, as far as the host can see it. */
function plugSteps(
  { type, source }: Pick<Interface, "type"> & { source?: Plugged | undefined },
  dev: string,
): readonly PathStep[] {
  const { bridge, dev: lower, mode } = source ?? {};
  if (bridge !== undefined) return [bridgeStep(dev, bridge)];
  return lower === undefined || type === "ethernet" ? [] : [macvtapStep(lower, mode)];
}

interface Plugged {
  readonly bridge?: string;
  readonly dev?: string;
  readonly mode?: string;
}

const MOST_RULES = 3;

/** The card's filter, with the rules that stopped something. */
async function filterSteps(net: Interface, { filters }: QemuEnvironment) {
  const { filterRef, target } = net;
  if (filterRef === undefined) return [];
  const dropped = (await filters?.dropped(target?.dev ?? "")) ?? [];
  const most = dropped.toSorted((a, b) => b.packets - a.packets).slice(0, MOST_RULES);
  const rules = most.map(({ rule, packets }) => `${packets} dropped by ${rule}`);
  const words = rules.length === 0 ? "it has dropped nothing" : rules.join("; ");
  return [step("filter", "limits", `filter '${filterRef.filter}': ${words}`)];
}

/** A rate of 0 is no limit. */
function rateSteps({ bandwidth }: Interface): readonly PathStep[] {
  const rate = (way: string, { average = 0 } = {}): readonly string[] =>
    average === 0 ? [] : [`${average} kB/s ${way}`];
  const rates = [...rate("in", bandwidth?.inbound), ...rate("out", bandwidth?.outbound)];
  return rates.length === 0 ? [] : [step("limit", "limits", rates.join(", "))];
}

async function beyond(net: Interface, { networks }: QemuEnvironment): Promise<readonly PathStep[]> {
  if (net.type !== "network" || networks === undefined) return [];
  try {
    return await networks.path(net.source?.network ?? "", net.mac?.address ?? "");
  } catch (error) {
    return [step("network", "drops", explainError(error))];
  }
}

async function pathOf(net: Interface, env: QemuEnvironment, domain: string): Promise<Path> {
  const dev = net.target?.dev;
  const isSeen = net.type === "bridge" || net.type === "direct" || net.type === "network";
  const source: Plugged | undefined = isSeen ? net.source : undefined;
  const onHost =
    dev === undefined
      ? [step("tap", "passes", `type '${net.type}': QEMU carries the packets itself`)]
      : [
          tapStep(dev),
          ...(await filterSteps(net, env)),
          ...rateSteps(net),
          ...plugSteps({ type: net.type, source }, dev),
        ];
  const steps = [cardStep(net, domain), ...onHost, ...(await beyond(net, env))];
  return { interface: dev ?? net.alias?.name ?? "", mac: net.mac?.address ?? "", steps };
}

/** @throws VireoError `noDomain`, `operationInvalid` when it does not run, `invalidArg` */
export async function networkPath(
  { env, list }: Definitions,
  { domain, interface: name }: OperationInput<"domain", "networkPath">,
): Promise<OperationOutput<"domain", "networkPath">> {
  const { live } = list.find(domain).view;
  if (live === undefined) throw virError("operationInvalid", "domain is not running");
  const all = live.config.devices.interfaces ?? [];
  const chosen = all.filter(
    ({ mac, target }) =>
      name === undefined || mac?.address === name.toLowerCase() || target?.dev === name,
  );
  if (name !== undefined && chosen.length === 0)
    throw virError("invalidArg", `'${name}' is not a known interface`);
  return Promise.all(chosen.map((net) => pathOf(net, env, live.config.name)));
}
