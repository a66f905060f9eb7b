/** Counters of network cards, as the host has them. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { virError } from "@vireo/model/error";
import { parseMac } from "@vireo/model/mac";
import { readTextIfThere } from "../../../host/file.ts";
import type { StatsGroup } from "./group.ts";
import { merged, string, uint, ullong, type Stats } from "./statistic.ts";

/** The device's counters as the host sees them; received by the host is sent by the guest. */
const COUNTERS = [
  ["rx.bytes", "tx_bytes"],
  ["rx.pkts", "tx_packets"],
  ["rx.errs", "tx_errors"],
  ["rx.drop", "tx_dropped"],
  ["tx.bytes", "rx_bytes"],
  ["tx.pkts", "rx_packets"],
  ["tx.errs", "rx_errors"],
  ["tx.drop", "rx_dropped"],
] as const;

async function countersOf(device: string, prefix: string): Promise<Stats> {
  const at = `/sys/class/net/${device}/statistics`;
  const read = COUNTERS.map(async ([name, file]) => {
    const text = await readTextIfThere(`${at}/${file}`).catch(() => undefined);
    return text === undefined ? [] : [[`${prefix}.${name}`, ullong(Number(text))] as const];
  });
  return Object.fromEntries((await Promise.all(read)).flat());
}

/** Counters of one card, named by its device or its MAC address. @throws VireoError */
export async function countersOfCard(
  { devices: { interfaces = [] } }: ResolvedDomain,
  name: string,
): Promise<Record<string, number>> {
  const mac = parseMac(name);
  const card = interfaces.find(({ target, mac: own }) =>
    mac === undefined ? target?.dev === name : own?.address === mac,
  );
  if (card === undefined) throw virError("invalidArg", `'${name}' is not a known interface`);
  if (card.target?.dev === undefined)
    throw virError("internalError", "Interface name not provided");
  const found = Object.entries(await countersOf(card.target.dev, "net"));
  if (found.length === 0) throw virError("internalError", "/proc/net/dev: Interface not found");
  return Object.fromEntries(
    found.map(([key, { value }]) => [key.slice("net.".length), Number(value)]),
  );
}

export const interfaceStats: StatsGroup = async ({ view: { live } }) => {
  if (live === undefined) return {};
  const nets = live.config.devices.interfaces ?? [];
  const each = nets.map(
    async ({ target }, i): Promise<Stats> =>
      target?.dev === undefined
        ? {}
        : {
            [`net.${i}.name`]: string(target.dev),
            ...(await countersOf(target.dev, `net.${i}`)),
          },
  );
  return merged([{ "net.count": uint(nets.length) }, ...(await Promise.all(each))]);
};
