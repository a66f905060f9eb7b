/** What becomes of a guest's packets in its network: rules, translation, route, server, lease. */
import { hasOwnBridge, forwardMode } from "@vireo/model/network/parse-network";
import type { Network } from "@vireo/model/network/network";
import type { PathStep } from "@vireo/model/operation/domain-insight";
import { execProgram } from "../../host/exec.ts";
import { readTextIfThere } from "../../host/file.ts";
import { bridgeOf, linkExists } from "./bridge.ts";
import { wantsServer } from "./dnsmasq.ts";
import type { NetworkList } from "./network-list.ts";
import { leases } from "./network-role.ts";
import { foreignSteps } from "./foreign-rules.ts";
import { readRuleset, type Ruleset } from "./ruleset.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

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

const BEYOND: Readonly<Record<string, PathStep>> = {
  none: step(
    "firewall",
    "drops",
    "the network is isolated: guests reach each other and the host only",
  ),
  open: step("firewall", "passes", "the network adds no rules of its own (forward mode 'open')"),
};

/** The network's own rules, wherever they are. */
interface OwnRules {
  readonly place: string;
  readonly there: boolean;
}
async function ownRulesOf(
  { tools: { firewall } }: NetworkList,
  network: Network,
  { chains }: Ruleset,
): Promise<OwnRules> {
  const tables = new Set(chains.map(({ family, table }) => `${family} ${table}`));
  return { place: firewall.place(network), there: await firewall.isThere(network, tables) };
}

function ownSteps(network: Network, { place, there }: OwnRules): readonly PathStep[] {
  const mode = forwardMode(network);
  if (!there) return [step("firewall", "drops", `the rules of the network, ${place}, are gone`)];
  const named = BEYOND[mode];
  if (named !== undefined) return [named];
  const who =
    mode === "nat" ? "guests reach everything, answers come back" : "everybody may come in";
  return [step("firewall", "passes", `${place}: ${who}`)];
}

function natSteps(network: Network, { there }: OwnRules): readonly PathStep[] {
  if (forwardMode(network) !== "nat") return [];
  return there
    ? [step("nat", "passes", "packets leave with an address of the host")]
    : [step("nat", "drops", "no rule translates the guests' addresses: nobody outside can answer")];
}

/** As `ip` writes it; empty when there is none. @throws VireoError `internalError` */
async function defaultRoute(): Promise<string> {
  const { stdout } = await execProgram("ip", ["-4", "route", "show", "default"]);
  return stdout.split("\n")[0] ?? "";
}

async function routeOf(network: Network): Promise<readonly PathStep[]> {
  const mode = forwardMode(network);
  if (mode === "none") return [];
  const forwards = (await readTextIfThere("/proc/sys/net/ipv4/ip_forward"))?.trim() === "1";
  if (!forwards)
    return [
      stopped(
        "route",
        "the host passes no packets on (net.ipv4.ip_forward is 0)",
        "sysctl -w net.ipv4.ip_forward=1",
      ),
    ];
  const line = await defaultRoute();
  return line === ""
    ? [
        step(
          "route",
          "limits",
          "the host has no default route: only networks it is on can be reached",
        ),
      ]
    : [step("route", "passes", line.trim())];
}

async function leaseOf(
  list: NetworkList,
  network: VirtualNetwork,
  mac: string,
): Promise<readonly PathStep[]> {
  const definition = network.active();
  if (!wantsServer(definition)) return [];
  if ((await list.tools.dnsmasq.running(definition.name)) === undefined)
    return [step("lease", "drops", "the network's dnsmasq does not run")];
  const [lease] = await leases(list, network, mac);
  if (lease !== undefined)
    return [step("lease", "passes", `${lease.address}/${lease.prefix} by DHCP`)];
  const serves = definition.ips?.some(({ dhcp }) => dhcp !== undefined) === true;
  return serves ? [step("lease", "limits", "the guest has asked for no address by DHCP")] : [];
}

/** Of a guest's card with this MAC address. @throws VireoError `noNetwork` */
export async function networkPath(
  list: NetworkList,
  name: string,
  mac: string,
): Promise<readonly PathStep[]> {
  const network = list.find({ name });
  const { live } = network;
  if (live === undefined)
    return [stopped("network", `network '${name}' is not active`, `virsh net-start ${name}`)];
  const mode = forwardMode(live);
  const described = step("network", "passes", `network '${name}', forward mode '${mode}'`);
  if (!hasOwnBridge(live)) return [described];
  const bridge = bridgeOf(live);
  if (!linkExists(bridge))
    return [
      stopped(
        "network",
        `its bridge ${bridge} is gone`,
        `virsh net-destroy ${name}; virsh net-start ${name}`,
      ),
    ];
  const ruleset = await readRuleset();
  const own = await ownRulesOf(list, live, ruleset);
  const [lease] = await leases(list, network, mac);
  const guest = lease?.address ?? live.ips?.find(({ family }) => family !== "ipv6")?.address;
  const uplink = / dev (\S+)/.exec(await defaultRoute())?.[1];
  return [
    described,
    ...ownSteps(live, own),
    ...(mode === "none" ? [] : await foreignSteps(ruleset, { bridge, guest, uplink })),
    ...natSteps(live, own),
    ...(await routeOf(live)),
    ...(await leaseOf(list, network, mac)),
  ];
}
