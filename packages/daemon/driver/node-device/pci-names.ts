/** Names of PCI vendors and products, from the host's pci.ids. */
import { readTextIfThere } from "../../host/file.ts";

export interface PciNames {
  readonly vendor: (id: string) => string | undefined;
  readonly product: (vendor: string, id: string) => string | undefined;
}

/** Vendors stand at the beginning of a line, their products behind one tab; subsystems do not matter. */
export function parsePciIds(text: string): PciNames {
  const names = new Map<string, string>();
  let vendor = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("C ")) break; // device classes follow
    const [, tab = "", id = "", name = ""] = /^(\t?)([\da-f]{4})\s+(.+)$/.exec(line) ?? [];
    if (id === "") continue;
    if (tab === "") vendor = id;
    names.set(tab === "" ? id : `${vendor}:${id}`, name);
  }
  return {
    vendor: (id) => names.get(id),
    product: (ofVendor, id) => names.get(`${ofVendor}:${id}`),
  };
}

const known = new Map<string, Promise<PciNames>>();

/** Read when first needed; a host without the file knows no names. */
export function pciNames(path: string): Promise<PciNames> {
  const names = known.get(path) ?? readTextIfThere(path).then((text) => parsePciIds(text ?? ""));
  known.set(path, names);
  return names;
}
