import type { XmlElement } from "./tree.ts";

/** Keeps of the children the first of each namespace and drops those without one: what libvirt makes of metadata. */
export function onePerNamespace(element: XmlElement): XmlElement {
  const seen = new Set<string>();
  const kept = element.children.filter(({ namespace }) => {
    if (namespace === "" || seen.has(namespace)) return false;
    seen.add(namespace);
    return true;
  });
  const nodes = element.nodes.filter((node) => node.kind !== "element" || kept.includes(node));
  return { ...element, nodes, children: kept };
}
