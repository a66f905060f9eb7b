import { parseXml } from "@vireo/model/xml/parse-xml";
import type { XmlElement } from "@vireo/model/xml/tree";
import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import type { Connection } from "./connection.ts";

/** virDomainXMLFlags. */
export const XmlFlag = { secure: 1, inactive: 2, updateCpu: 4, migratable: 8 } as const;

/** The XML of a domain as a tree. */
export async function readDomain(
  connection: Connection,
  dom: DomainReference,
  flags = 0,
): Promise<XmlElement> {
  const { xml } = await connection.call("domainGetXmlDesc", { dom, flags });
  return parseXml(xml);
}

/** The first child with this name, by a path of names. */
export const childAt = (
  element: XmlElement | undefined,
  ...path: readonly string[]
): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>(
    (at, name) => at?.children.find((child) => child.name === name),
    element,
  );

/** The devices of one kind. */
export const devicesOf = (domain: XmlElement, kind: string): readonly XmlElement[] =>
  childAt(domain, "devices")?.children.filter(({ name }) => name === kind) ?? [];

/** An attribute of the first child with this name. */
export const attributeAt = (
  element: XmlElement | undefined,
  child: string,
  attribute: string,
): string | undefined => childAt(element, child)?.attributes.get(attribute);

/** Where a disk's data is, in one line: file, device, directory, volume, or name of a network disk. */
export function diskSource(disk: XmlElement): string | undefined {
  const source = childAt(disk, "source");
  for (const name of ["file", "dev", "dir", "name", "volume"]) {
    const value = source?.attributes.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
