/**
 * What a virtual function (SR-IOV) is told by its physical one before a guest has it: the address and the VLAN of its
 * packets. Set by `ip`, which speaks to the driver of the physical function.
 */
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import { execProgram } from "../../host/exec.ts";
import type { FunctionSettings } from "./device-book.ts";
import type { DeviceTree } from "./device-tree.ts";
import { pciDirectory } from "./pci-binding.ts";

const IP_MS = 10_000;
const IS_UP = 1;

/** The card of its physical function, and which of its functions it is. */
export interface Place {
  readonly card: string;
  readonly index: number;
}

/** @throws VireoError `configUnsupported` when it is none; `internalError` when its card is down */
export async function placeOfFunction(tree: DeviceTree, address: string): Promise<Place> {
  const directory = pciDirectory(tree, address);
  const physical = join(directory, "physfn");
  if ((await tree.link(directory, "physfn")) === undefined)
    throw virError(
      "configUnsupported",
      "Interface type hostdev is currently supported on SR-IOV Virtual Functions only",
    );
  const links = (await tree.names(physical)).filter((name) => /^virtfn\d+$/.test(name));
  const targets = await Promise.all(links.map((name) => tree.link(physical, name)));
  const index = Number(links[targets.indexOf(address)]?.slice("virtfn".length));
  const [card] = await tree.names(join(physical, "net"));
  if (card === undefined || Number.isNaN(index))
    throw virError(
      "internalError",
      `The PF device for VF ${address} has no network device name, cannot set its MAC address and VLAN`,
    );
  const flags = await tree.number(tree.at(`class/net/${card}`), "flags", 16);
  if (flags !== undefined && flags % 2 !== IS_UP)
    throw virError(
      "internalError",
      `Unable to configure VF ${index} of PF '${card}' because the PF is not online. Please change host network config to put the PF online.`,
    );
  return { card, index };
}

interface Told {
  readonly vfinfo_list?: readonly {
    readonly vf: number;
    readonly mac?: string;
    readonly address?: string;
    readonly vlan_list?: readonly { readonly vlan?: number; readonly qos?: number }[];
  }[];
}

/** As it is now. @throws VireoError `internalError` */
export async function settingsOf(
  { roots }: DeviceTree,
  { card, index }: Place,
): Promise<FunctionSettings> {
  const { stdout } = await execProgram(roots.ip, ["-j", "link", "show", "dev", card], {
    timeoutMs: IP_MS,
  });
  const [told] = JSON.parse(stdout) as readonly Told[]; // ip's own form
  const one = told?.vfinfo_list?.find(({ vf }) => vf === index);
  if (one === undefined)
    throw virError(
      "internalError",
      `Unable to get the settings of VF ${index} of PF '${card}': its driver tells of no such function`,
    );
  const mac = one.mac ?? one.address;
  const [tag] = one.vlan_list ?? [];
  const { vlan = 0, qos = 0 } = tag ?? {};
  return { card, index, ...(mac === undefined ? {} : { mac }), vlan, qos };
}

/** @throws VireoError `internalError` when the driver refuses */
export async function setFunction(
  { roots }: DeviceTree,
  { card, index, mac, vlan = 0, qos = 0 }: FunctionSettings,
): Promise<void> {
  const vf = ["link", "set", "dev", card, "vf", String(index)];
  const address = mac === undefined ? [] : ["mac", mac];
  const priority = qos === 0 ? [] : ["qos", String(qos)];
  const words = [...vf, ...address, "vlan", String(vlan), ...priority];
  await execProgram(roots.ip, words, { timeoutMs: IP_MS });
}
