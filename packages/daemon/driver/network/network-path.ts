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
import { readRuleset, type BaseChain, type Ruleset } from "./ruleset.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

const step = (part: PathStep["part"], state: PathStep["state"], text: string): PathStep => ({
  part,
  state,
  text,
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

/** A chain of somebody else that drops what none of its rules lets through. */
function foreignRule(one: BaseChain, bridge: string, { rules }: Ruleset): readonly PathStep[] {
  if (one.hook !== "forward" || one.family === "bridge" || one.table.startsWith("vireo_"))
    return [];
  const place = `table ${one.family} ${one.table}, chain ${one.chain}`;
  const own = rules.filter(
    ({ family, table, chain }) =>
      family === one.family && table === one.table && !chain.startsWith("LIBVIRT_"),
  );
  const about = own.filter(({ text }) => text.includes(`"${bridge}"`));
  const refusing = about.find(({ text }) => /"(?:drop|reject)"/.test(text));
  if (refusing !== undefined)
    return [step("firewall", "drops", `${place}: a rule about ${bridge} drops: ${refusing.text}`)];
  if (one.policy !== "drop") return [];
  return about.some(({ text }) => text.includes('"accept"'))
    ? [step("firewall", "passes", `${place}: drops by its policy, but a rule accepts ${bridge}`)]
    : [step("firewall", "drops", `${place}: policy drop, and no rule of it is about ${bridge}`)];
}

function natSteps(network: Network, { there }: OwnRules): readonly PathStep[] {
  if (forwardMode(network) !== "nat") return [];
  return there
    ? [step("nat", "passes", "packets leave with an address of the host")]
    : [step("nat", "drops", "no rule translates the guests' addresses: nobody outside can answer")];
}

async function routeOf(network: Network): Promise<readonly PathStep[]> {
  const mode = forwardMode(network);
  if (mode === "none") return [];
  const forwards = (await readTextIfThere("/proc/sys/net/ipv4/ip_forward"))?.trim() === "1";
  if (!forwards)
    return [step("route", "drops", "the host passes no packets on (net.ipv4.ip_forward is 0)")];
  const { stdout } = await execProgram("ip", ["-4", "route", "show", "default"]);
  const [line = ""] = stdout.trim().split("\n");
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
  if (live === undefined) return [step("network", "drops", `network '${name}' is not active`)];
  const mode = forwardMode(live);
  const described = step("network", "passes", `network '${name}', forward mode '${mode}'`);
  if (!hasOwnBridge(live)) return [described];
  const bridge = bridgeOf(live);
  if (!linkExists(bridge)) return [step("network", "drops", `its bridge ${bridge} is gone`)];
  const ruleset = await readRuleset();
  const own = await ownRulesOf(list, live, ruleset);
  return [
    described,
    ...ownSteps(live, own),
    ...(mode === "none" ? [] : ruleset.chains.flatMap((one) => foreignRule(one, bridge, ruleset))),
    ...natSteps(live, own),
    ...(await routeOf(live)),
    ...(await leaseOf(list, network, mac)),
  ];
}
