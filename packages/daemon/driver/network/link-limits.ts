/**
 * Limits on the throughput of the host's links. What a link sends is shaped by tc; what it receives
 * is cut by a rule of nftables where it comes in, which works without the kernel's police action.
 */
import { hostProgram } from "./host-program.ts";
import type { Bandwidth, LinkLimit } from "../contract.ts";
import { linkExists } from "./bridge.ts";

type Rate = NonNullable<Bandwidth["outbound"]>;

/** Bytes of a kilobyte, as tc counts. */
const KILO = 1000;

const quietly = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );

const table = (dev: string): string => `vireo_limit_${dev.replaceAll(/\W/g, "_")}`;
const removal = (dev: string): string =>
  `table netdev ${table(dev)} {}\ndelete table netdev ${table(dev)}\n`;

const nft = (input: string): Promise<unknown> => hostProgram("nft", ["-f", "-"], { input });
const tc = (...words: readonly string[]): Promise<unknown> => hostProgram("tc", words);

/** What may come at once beyond a second's worth, which the kernel always lets through. */
const burstOf = ({ average = 0, burst = 0 }: Rate): number => Math.max(burst - average, 0);

const receiving = (dev: string, rate: Rate): string => {
  const limit = `limit rate over ${(rate.average ?? 0) * KILO} bytes/second`;
  return `${removal(dev)}table netdev ${table(dev)} {
  chain ingress {
    type filter hook ingress device "${dev}" priority filter; policy accept;
    ${limit} burst ${burstOf(rate) * KILO} bytes drop
  }
}
`;
};

/** What may come at once goes at the peak's speed; without a peak as fast as the link can. */
export const htbWords = ({ average = 0, peak, burst }: Rate): readonly string[] => [
  "htb",
  "rate",
  `${average}kbps`,
  ...(peak ? ["ceil", `${peak}kbps`] : []),
  ...(burst ? ["burst", `${burst}kb`] : []),
  ...(burst && !peak ? ["cburst", `${burst}kb`] : []),
];

async function shape(dev: string, rate: Rate, shared: boolean): Promise<void> {
  const rest = shared ? "2" : "1";
  await tc("qdisc", "add", "dev", dev, "root", "handle", "1:", "htb", "default", rest);
  const word = ["dev", dev, "parent", "1:", "classid", "1:1", ...htbWords(rate)];
  await tc("class", "add", ...word);
  if (!shared) return;
  const { average = 0, peak } = rate;
  const others = { average, peak: peak || average };
  await tc("class", "add", "dev", dev, "parent", "1:1", "classid", "1:2", ...htbWords(others));
}

const sidesOf = ({ bandwidth, own }: LinkLimit) => {
  const { inbound, outbound } = bandwidth;
  return own === true
    ? { sent: outbound, received: inbound }
    : { sent: inbound, received: outbound };
};

const hasRate = (rate: Rate | undefined): rate is Rate => (rate?.average ?? 0) > 0;

/** Of all links that the daemon limits; remembers them, to put back what somebody flushed. */
export class LinkLimits {
  readonly #limits = new Map<string, LinkLimit>();

  /** Instead of the limits that the link had. @throws VireoError; then it has none */
  async set(limit: LinkLimit): Promise<void> {
    const { dev } = limit;
    await this.clear(dev);
    const { sent, received } = sidesOf(limit);
    try {
      if (hasRate(sent)) await shape(dev, sent, limit.shared === true);
      if (hasRate(received)) await nft(receiving(dev, received));
    } catch (error) {
      await quietly(this.clear(dev));
      throw error;
    }
    this.know(limit);
  }

  /** Takes a link over that is limited already. */
  know(limit: LinkLimit): void {
    if (hasRate(sidesOf(limit).sent) || hasRate(sidesOf(limit).received))
      this.#limits.set(limit.dev, limit);
  }

  /** Also of a link that is gone. @throws VireoError `internalError` */
  async clear(dev: string): Promise<void> {
    const known = this.#limits.get(dev);
    this.#limits.delete(dev);
    if (linkExists(dev)) await quietly(tc("qdisc", "del", "dev", dev, "root"));
    if (known !== undefined && hasRate(sidesOf(known).received)) await nft(removal(dev));
  }

  /** Names of tables that ought to be there. */
  get tables(): readonly string[] {
    return [...this.#limits.values()]
      .filter((one) => hasRate(sidesOf(one).received))
      .map(({ dev }) => `netdev ${table(dev)}`);
  }

  /** Puts the rules back that are not among `present`. */
  async heal(present: ReadonlySet<string>): Promise<void> {
    for (const limit of this.#limits.values()) {
      const { received } = sidesOf(limit);
      if (!hasRate(received) || present.has(`netdev ${table(limit.dev)}`)) continue;
      if (linkExists(limit.dev)) await nft(receiving(limit.dev, received));
    }
  }
}
