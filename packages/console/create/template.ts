/** A copy of a domain: its definition without what must be its own, and copies of its disks. */
import { disksIn } from "../domain/disk-facts.ts";
import { volumeXml } from "../storage/volume-xml.ts";
import type { OfferedImage, Step } from "./wish.ts";

export interface Copied {
  readonly xml: string;
  readonly steps: readonly Step[];
  /** Disks that lie in no pool: they cannot be copied. */
  readonly left: readonly string[];
}

const serializer = new XMLSerializer();

/** `images/web1.qcow2` and `/var/lib/images/web1.qcow2` alike. */
const find = (images: readonly OfferedImage[], place: string): OfferedImage | undefined =>
  images.find(({ path, pool, volume }) => path === place || `${pool}/${volume}` === place);

const extension = (name: string): string => /\.[^./]+$/.exec(name)?.[0] ?? "";

/** What another machine must not have as well. */
const OWN = "domain > uuid, interface > mac, interface > target, os > nvram, genid, domain > title";

export function copyOf(
  xml: string,
  { name, images }: { readonly name: string; readonly images: readonly OfferedImage[] },
): Copied {
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  for (const element of tree.querySelectorAll(OWN)) element.remove();
  const named = tree.querySelector("domain > name");
  if (named !== null) named.textContent = name;
  const steps: Step[] = [];
  const left: string[] = [];
  for (const { target, chain, device, readonly } of disksIn(xml)) {
    const [top] = chain;
    if (device !== "disk" || readonly || top === undefined) continue;
    const image = find(images, top);
    const disk = [...tree.querySelectorAll("devices > disk")].find(
      (one) => one.querySelector("target")?.getAttribute("dev") === target,
    );
    if (image === undefined || disk === undefined) {
      left.push(target);
      continue;
    }
    const { pool, volume, format } = image;
    const copy = `${name}-${target}${extension(volume)}`;
    disk.setAttribute("type", "volume");
    disk.querySelector(":scope > backingStore")?.remove();
    const source = tree.createElement("source");
    source.setAttribute("pool", pool);
    source.setAttribute("volume", copy);
    disk.querySelector(":scope > source")?.replaceWith(source);
    steps.push({
      action: {
        operation: "storageVolume.createFrom",
        input: {
          pool: { name: pool },
          xml: volumeXml({ name: copy, bytes: 0, format }),
          from: { pool, name: volume },
        },
      },
      undo: { operation: "storageVolume.delete", input: { volume: { pool, name: copy } } },
    });
  }
  return { xml: serializer.serializeToString(tree), steps, left };
}
