/** Virtual functions of a network card (SR-IOV), as the kernel shows them in sysfs. */
import { readdir, readlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { hostRoots } from "./device-roots.ts";
import type { VirtualFunction } from "@vireo/model/network/function-pool";

const LINKS = join(hostRoots().sys, "class/net");
const DEVICES = join(hostRoots().sys, "bus/pci/devices");
const FUNCTION = /^virtfn(\d+)$/;
const ADDRESS = /^([\da-f]{4,8}):([\da-f]{2}):([\da-f]{2})\.([0-7])$/i;

const namesIn = (directory: string): Promise<readonly string[]> =>
  readdir(directory).catch(() => []);

async function functionAt(link: string): Promise<readonly VirtualFunction[]> {
  const place = basename(await readlink(link).catch(() => ""));
  const numbers = ADDRESS.exec(place)?.slice(1);
  if (numbers === undefined) return [];
  const [domain = 0, bus = 0, slot = 0, fn = 0] = numbers.map((hex) => Number.parseInt(hex, 16));
  const [dev] = await namesIn(join(DEVICES, place, "net"));
  const address = { domain, bus, slot, function: fn };
  return [{ address, ...(dev === undefined ? {} : { dev }) }];
}

/** In the card's order; none when there is no such card, or it has none. */
export async function virtualFunctionsOf(card: string): Promise<readonly VirtualFunction[]> {
  const device = join(LINKS, card, "device");
  const numbers = (await namesIn(device)).flatMap((name) => FUNCTION.exec(name)?.[1] ?? []);
  const ordered = numbers.map(Number).toSorted((a, b) => a - b);
  const found = await Promise.all(
    ordered.map((number) => functionAt(join(device, `virtfn${number}`))),
  );
  return found.flat();
}
