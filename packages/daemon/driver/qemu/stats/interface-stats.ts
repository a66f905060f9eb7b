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
