/** RPC procedures that ask for one device's counters, answered from the domain's statistics. */
import { badArgument } from "@vireo/model/error";
import type { RemoteRet } from "@vireo/rpc/program/remote";
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { domainOf } from "./wire.ts";

type Stats = Readonly<Record<string, { readonly value: number | string | boolean }>>;

type Counters = RemoteRet<"domainInterfaceStats">;

/** What libvirt's clients read as "not known". */
const UNKNOWN = -1n;

/** The counters of the interface that the host calls `device`; `undefined` when there is none. */
export function interfaceCounters(stats: Stats, device: string): Counters | undefined {
  const found = Object.entries(stats).find(
    ([field, { value }]) => /^net\.\d+\.name$/.test(field) && value === device,
  );
  if (found === undefined) return undefined;
  const prefix = found[0].slice(0, -"name".length);
  const counter = (name: string): bigint => {
    const value = stats[prefix + name]?.value;
    return typeof value === "number" ? BigInt(value) : UNKNOWN;
  };
  return {
    rx_bytes: counter("rx.bytes"),
    rx_packets: counter("rx.pkts"),
    rx_errs: counter("rx.errs"),
    rx_drop: counter("rx.drop"),
    tx_bytes: counter("tx.bytes"),
    tx_packets: counter("tx.pkts"),
    tx_errs: counter("tx.errs"),
    tx_drop: counter("tx.drop"),
  };
}

export const domainCounterHandlers: DoorHandlers = {
  domainInterfaceStats: async ({ dom, device }, call) => {
    const domain = domainOf(dom);
    await ask(call, ["domain", "controlInfo"], { domain }); // refuses a domain that does not run
    const [record] = await ask(call, ["domain", "stats"], {
      domains: [domain],
      groups: ["interface"],
    });
    const counters = interfaceCounters(record?.stats ?? {}, device);
    if (counters === undefined)
      throw badArgument(`'${device}' is not a known interface`, {
        function: driverFunction(call, "DomainInterfaceStats"),
        argument: "device",
      });
    return counters;
  },
};
