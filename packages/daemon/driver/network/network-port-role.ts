/** Operations on the places that guests have in networks. */
import { virError } from "@vireo/model/error";
import { formatNetworkPort, parseNetworkPort } from "@vireo/model/network/network-port";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { Bandwidth, Role } from "../contract.ts";
import type { NetworkList } from "./network-list.ts";
import { findPort, givePort, takePort, tunePort } from "./network-ports.ts";

type Rates = Pick<OperationInput<"networkPort", "setTune">, "inbound" | "outbound">;
type Rate = NonNullable<Rates["inbound"]>;

/** An average of 0 takes the limit away. */
function ratesOf(rate: Rate | undefined): { average: number } | undefined {
  const given = Object.entries(rate ?? {}).filter(([, value]) => (value ?? 0) !== 0);
  if (given.length === 0) return undefined;
  return { average: rate?.average ?? 0, ...Object.fromEntries(given) };
}

function withRates(before: Bandwidth = {}, { inbound, outbound }: Rates): Bandwidth {
  const towards = inbound === undefined ? before.inbound : ratesOf(inbound);
  const from = outbound === undefined ? before.outbound : ratesOf(outbound);
  return {
    ...(towards === undefined ? {} : { inbound: towards }),
    ...(from === undefined ? {} : { outbound: from }),
  };
}

export const networkPortRole = (list: NetworkList): Role<"networkPort"> => ({
  list: ({ network }) => {
    const found = list.find(network);
    found.active();
    return [...found.ports.keys()];
  },
  lookup: ({ network, port }) => findPort(list.find(network), port).uuid,
  create: async ({ network, xml }) => {
    const wish = parseNetworkPort(xml);
    if (wish.uuid === undefined) throw virError("internalError", "network port has no uuid");
    if (wish.plug !== undefined && wish.plug.type !== "none")
      throw virError("invalidArg", "Port reclaim not requested but plug type is not none");
    return (await takePort(list, list.find(network), wish)).uuid;
  },
  delete: ({ network, port }) => givePort(list, list.find(network), port),
  xml: ({ network, port }) => formatNetworkPort(findPort(list.find(network), port)),
  tune: ({ network, port }) => {
    const { inbound, outbound } = findPort(list.find(network), port).bandwidth ?? {};
    return { ...(inbound && { inbound }), ...(outbound && { outbound }) };
  },
  setTune: ({ network, port: uuid, ...rates }) => {
    const found = list.find(network);
    const bandwidth = withRates(findPort(found, uuid).bandwidth, rates);
    return tunePort(list, found, { uuid, bandwidth });
  },
});
