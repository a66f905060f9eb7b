/** The disks of a domain, from its XML, with the images that each is made of. */

export interface ShownDisk {
  readonly target: string;
  readonly device: string;
  readonly bus: string;
  readonly format: string | undefined;
  readonly readonly: boolean;
  /** Images from the one that is written to, down to the last; pool and volume as `pool/volume`. */
  readonly chain: readonly string[];
  readonly xml: string;
}

const serializer = new XMLSerializer();

function placeOf(source: Element | null): string | undefined {
  if (source === null) return undefined;
  const volume = source.getAttribute("volume");
  const named = volume === null ? null : `${source.getAttribute("pool") ?? ""}/${volume}`;
  return (
    source.getAttribute("file") ??
    source.getAttribute("dev") ??
    named ??
    source.getAttribute("name") ??
    undefined
  );
}

function chainOf(element: Element): readonly string[] {
  const place = placeOf(element.querySelector(":scope > source"));
  const below = element.querySelector(":scope > backingStore");
  return [...(place === undefined ? [] : [place]), ...(below === null ? [] : chainOf(below))];
}

function diskOf(disk: Element): ShownDisk {
  const attribute = (selector: string, name: string): string | undefined =>
    disk.querySelector(`:scope > ${selector}`)?.getAttribute(name) ?? undefined;
  return {
    target: attribute("target", "dev") ?? "",
    device: disk.getAttribute("device") ?? "disk",
    bus: attribute("target", "bus") ?? "",
    format: attribute("driver", "type"),
    readonly: disk.querySelector(":scope > readonly") !== null,
    chain: chainOf(disk),
    xml: serializer.serializeToString(disk),
  };
}

export const disksIn = (xml: string): readonly ShownDisk[] =>
  xml === ""
    ? []
    : [
        ...new DOMParser()
          .parseFromString(xml, "application/xml")
          .querySelectorAll("domain > devices > disk"),
      ].map(diskOf);
