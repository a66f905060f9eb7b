/** The network interfaces of a domain, from its XML. */

export interface Nic {
  readonly mac: string;
  readonly type: string;
  /** Network, bridge or device that it is plugged into. */
  readonly source: string | undefined;
  readonly model: string | undefined;
  /** Its device on the host. */
  readonly device: string | undefined;
  readonly isLinkDown: boolean;
  readonly xml: string;
}

const serializer = new XMLSerializer();

function nicOf(nic: Element): Nic {
  const attribute = (selector: string, name: string): string | undefined =>
    nic.querySelector(`:scope > ${selector}`)?.getAttribute(name) ?? undefined;
  return {
    mac: attribute("mac", "address") ?? "",
    type: nic.getAttribute("type") ?? "",
    source:
      attribute("source", "network") ?? attribute("source", "bridge") ?? attribute("source", "dev"),
    model: attribute("model", "type"),
    device: attribute("target", "dev"),
    isLinkDown: attribute("link", "state") === "down",
    xml: serializer.serializeToString(nic),
  };
}

export const nicsIn = (xml: string): readonly Nic[] =>
  xml === ""
    ? []
    : [
        ...new DOMParser()
          .parseFromString(xml, "application/xml")
          .querySelectorAll("domain > devices > interface"),
      ].map(nicOf);

/** The interface with its cable in or out. */
export function withLink(xml: string, isUp: boolean): string {
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  tree.querySelector(":scope > link")?.remove();
  const link = tree.createElement("link");
  link.setAttribute("state", isUp ? "up" : "down");
  tree.documentElement.append(link);
  return serializer.serializeToString(tree);
}
