/** Limits on throughput as typed parameters: `inbound.average` and so on. */
import type { OperationOutput } from "@vireo/model/operation/operations";
import type { TypedParam } from "@vireo/rpc/typed-param";
import { numbersIn, paramsOf, type FieldTable } from "./typed-fields.ts";

const RATES: FieldTable = {
  inboundAverage: ["inbound.average", "uint"],
  inboundPeak: ["inbound.peak", "uint"],
  inboundBurst: ["inbound.burst", "uint"],
  inboundFloor: ["inbound.floor", "uint"],
  outboundAverage: ["outbound.average", "uint"],
  outboundPeak: ["outbound.peak", "uint"],
  outboundBurst: ["outbound.burst", "uint"],
};

type Rates = OperationOutput<"domain", "interfaceTune">;

/** All of them; a limit that is not set is 0. */
export const ratesParams = ({ inbound, outbound }: Rates): TypedParam[] =>
  paramsOf(
    {
      inboundAverage: inbound?.average,
      inboundPeak: inbound?.peak,
      inboundBurst: inbound?.burst,
      inboundFloor: inbound?.floor,
      outboundAverage: outbound?.average,
      outboundPeak: outbound?.peak,
      outboundBurst: outbound?.burst,
    },
    RATES,
  );

type Side = Readonly<Record<string, number>>;

/** What a client wants changed, by direction. @throws VireoError `invalidArg` for what is none of them */
export function ratesIn(params: readonly TypedParam[]): { inbound?: Side; outbound?: Side } {
  const rates = Object.entries(numbersIn(params, RATES));
  const side = (way: string): Side | undefined => {
    const named = rates.filter(([field]) => field.startsWith(way));
    if (named.length === 0) return undefined;
    return Object.fromEntries(
      named.map(([field, value]) => [field.slice(way.length).toLowerCase(), value]),
    );
  };
  const [inbound, outbound] = [side("inbound"), side("outbound")];
  return { ...(inbound && { inbound }), ...(outbound && { outbound }) };
}
