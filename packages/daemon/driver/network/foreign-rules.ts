/** Rules of others on the host that drop what a guest sends through it, and what is answered; how each is told to let it pass. */
import type { PathStep } from "@vireo/model/operation/domain-insight";
import { type KnownPacket, verdictOf } from "./packet-verdict.ts";
import { type BaseChain, chainKey, ruleText, type Ruleset } from "./ruleset.ts";

/** Whose packets. */
export interface GuestWay {
  readonly bridge: string;
  /** The guest's address, or one like it. */
  readonly guest: string | undefined;
  /** Interface of the host's default route. */
  readonly uplink: string | undefined;
}

/**
 * How whoever looks after a chain is told about a bridge; known by a chain of his. Docker's and ufw's rules are
 * iptables', in which ours come first: what stops packets there stands before those.
 */
const OWNERS: readonly {
  readonly chain: string;
  readonly mend: (bridge: string) => string;
}[] = [
  {
    chain: "inet firewalld filter_FORWARD",
    mend: (bridge) => `firewall-cmd --zone=trusted --add-interface=${bridge}`,
  },
  {
    chain: "ip filter FORWARD",
    mend: (bridge) =>
      `iptables -I FORWARD -i ${bridge} -j ACCEPT; iptables -I FORWARD -o ${bridge} -j ACCEPT`,
  },
];

function mendOf({ family, table, chain }: BaseChain, bridge: string): string {
  const key = chainKey({ family, table, chain });
  const owner = OWNERS.find((one) => one.chain === key);
  if (owner !== undefined) return owner.mend(bridge);
  const rule = `nft insert rule ${key}`;
  return `${rule} iifname "${bridge}" accept; ${rule} oifname "${bridge}" accept`;
}

const isForeign = ({ hook, family, table }: BaseChain): boolean =>
  hook === "forward" && (family === "ip" || family === "inet") && !table.startsWith("vireo_");

async function stepOf(
  base: BaseChain,
  ruleset: Ruleset,
  { bridge, guest, uplink }: GuestWay,
): Promise<readonly PathStep[]> {
  const place = `table ${base.family} ${base.table}, chain ${base.chain}`;
  const ways: readonly (readonly [string, KnownPacket])[] = [
    [`packets from ${bridge}`, { iifname: bridge, oifname: uplink, saddr: guest, state: "new" }],
    [
      `answers to ${bridge}`,
      { iifname: uplink, oifname: bridge, daddr: guest, state: "established" },
    ],
  ];
  for (const [what, packet] of ways) {
    const { drops, by, some } = verdictOf(base, ruleset, packet);
    if (!drops) continue;
    const text =
      by === undefined
        ? `${place}: policy drop, and no rule of it lets ${what} through`
        : `${place}: a rule drops ${what}: ${await ruleText(by)}`;
    const mend = mendOf(base, bridge);
    return some
      ? [{ part: "firewall", state: "limits", text: `${text}, but for some` }]
      : [{ part: "firewall", state: "drops", text, mend }];
  }
  return [];
}

/** @throws VireoError `internalError` when nft does not answer */
export async function foreignSteps(ruleset: Ruleset, way: GuestWay): Promise<readonly PathStep[]> {
  const steps = await Promise.all(
    ruleset.chains.filter(isForeign).map((one) => stepOf(one, ruleset, way)),
  );
  return steps.flat();
}
