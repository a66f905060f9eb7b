/** What the kernel noted of guests' addresses, read from what nft lists. */
import { endianness } from "node:os";
import type { Heard } from "./interface-filter.ts";

/** Of what nft lists, the fields that matter here. */
export interface ListedObject {
  readonly name?: string;
  /** Of a set or map. */
  readonly elem?: readonly unknown[];
}
export type Listed = Readonly<Record<string, ListedObject>>;

const isText = (one: unknown): one is string => typeof one === "string";

/** nft prints a mark as this machine reads it; DHCP's seconds are in the order of the network. */
const secondsOf = (mark: number): number =>
  endianness() === "BE" ? mark : Buffer.from(Uint32Array.of(mark).buffer).readUInt32BE();

const isList = (one: unknown): one is readonly unknown[] => Array.isArray(one);

function leaseOf(one: unknown): readonly (readonly [string, number])[] {
  const [address, mark] = isList(one) ? one : [];
  return isText(address) && typeof mark === "number" ? [[address, secondsOf(mark)]] : [];
}

/** By interface. */
export function heardOf(objects: readonly Listed[]): ReadonlyMap<string, Heard> {
  const all = new Map<string, Heard>();
  for (const { set, map } of objects) {
    const { name = "", elem = [] } = set ?? map ?? {};
    const [kind = "", dev] = name.split("/");
    if (dev === undefined) continue;
    const before = all.get(dev) ?? { addresses: [], leases: new Map(), released: [] };
    const texts = elem.filter(isText);
    if (kind === "lease") all.set(dev, { ...before, leases: new Map(elem.flatMap(leaseOf)) });
    else if (kind === "release") all.set(dev, { ...before, released: texts });
    else all.set(dev, { ...before, addresses: texts });
  }
  return all;
}
