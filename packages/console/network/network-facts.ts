/** What a network's XML and its ports' say, as a picture needs it. */

export interface NetworkFacts {
  /** `nat`, `route`, `bridge` ...; `isolated` without a way out. */
  readonly mode: string;
  /** The host's device that leads out, where one is named. */
  readonly out: string | undefined;
  readonly bridge: string | undefined;
  /** With their prefix or mask. */
  readonly addresses: readonly string[];
  readonly domain: string | undefined;
}

export interface NetworkPlug {
  readonly owner: string;
  readonly mac: string;
}

const read = (xml: string): Document => new DOMParser().parseFromString(xml, "application/xml");

const attribute = (from: Element | null, name: string): string | undefined =>
  from?.getAttribute(name) ?? undefined;

function addressOf(ip: Element): string {
  const mask = attribute(ip, "prefix") ?? attribute(ip, "netmask");
  return `${attribute(ip, "address") ?? ""}${mask === undefined ? "" : `/${mask}`}`;
}

export function networkFacts(xml: string): NetworkFacts {
  const tree = read(xml);
  const forward = tree.querySelector("network > forward");
  return {
    mode: forward === null ? "isolated" : (attribute(forward, "mode") ?? "nat"),
    out: attribute(forward, "dev") ?? attribute(tree.querySelector("forward > interface"), "dev"),
    bridge: attribute(tree.querySelector("network > bridge"), "name"),
    addresses: [...tree.querySelectorAll("network > ip")].map(addressOf),
    domain: attribute(tree.querySelector("network > domain"), "name"),
  };
}

export function networkPlug(xml: string): NetworkPlug {
  const tree = read(xml);
  return {
    owner: tree.querySelector("networkport > owner > name")?.textContent ?? "",
    mac: attribute(tree.querySelector("networkport > mac"), "address") ?? "",
  };
}
