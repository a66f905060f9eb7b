/** A filter on an interface: its variables filled in, its chains, and whose address is learned. */
import { virError } from "@vireo/model/error";
import { expandFilter, variablesOf, variablesWithin } from "@vireo/model/nwfilter/expand-filter";
import type { NwFilter, NwFilterBinding } from "@vireo/model/nwfilter/nwfilter";
import type { InterfaceFilter, Learning } from "./interface-filter.ts";

/** A binding that says on which interface what filter is. */
export type ForceBinding = NwFilterBinding &
  Required<Pick<NwFilterBinding, "portDev" | "filterRef">>;

export const isComplete = (binding: NwFilterBinding): binding is ForceBinding =>
  binding.portDev !== undefined && binding.filterRef !== undefined;

/** @throws VireoError when there is none */
export type Find = (name: string) => NwFilter;

const MAC = "MAC";
const LEARNING = new Set(["any", "dhcp", "none"]);

/** With the variable that every guest has, as libvirt prints it. */
export function withMac(binding: ForceBinding): ForceBinding {
  const { mac, filterRef } = binding;
  const { parameters = [] } = filterRef;
  if (mac === undefined || parameters.some(({ name }) => name === MAC)) return binding;
  const all = [...parameters, { name: MAC, value: mac.address }];
  const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return { ...binding, filterRef: { ...filterRef, parameters: sorted } };
}

/** The chains of a binding; an address that nobody gave is learned. */
export function inForce({ portDev, filterRef, mac }: ForceBinding, find: Find): InterfaceFilter {
  const { filter, parameters } = filterRef;
  const variables = variablesOf(parameters);
  const asked = variablesWithin(filter, find);
  const isLearned = asked.has("IP") && !variables.has("IP") && mac !== undefined;
  const learning = isLearned ? learningOf(filter, variables, mac.address) : undefined;
  const learned = new Set(learning === undefined ? [] : ["IP"]);
  const chains = expandFilter(filter, variables, { find, learned });
  return { dev: portDev.name, chains, ...(learning === undefined ? {} : { learning }) };
}

function learningOf(
  filter: string,
  variables: ReadonlyMap<string, readonly string[]>,
  mac: string,
): Learning | undefined {
  const [mode = "any"] = variables.get("CTRL_IP_LEARNING") ?? [];
  const way = mode.toLowerCase();
  if (!LEARNING.has(way))
    throw virError("parseFailed", `filter '${filter}' learning value '${mode}' invalid.`);
  if (way === "none") return undefined;
  const servers = variables.get("DHCPSERVER") ?? [];
  return { mode: way === "dhcp" ? "dhcp" : "any", mac, servers, known: [], isNew: false };
}
