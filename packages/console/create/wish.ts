/** What the form of a new domain holds, and what it stands for. Pure. */
import type { ImagePlace, NewDomain } from "@vireo/sdk/new-domain";
import type { Action } from "../data/operation.ts";
import type { Source } from "./sources.ts";
import { volumeXml } from "../storage/volume-xml.ts";

/** What becomes of the image that was chosen. */
export const USES = ["layer", "copy", "itself"] as const;
export type Use = (typeof USES)[number];

/** An image of a pool, as the form offers it. */
export interface OfferedImage {
  readonly pool: string;
  readonly volume: string;
  readonly path: string;
  readonly format: string;
}

export interface Wish {
  readonly from: Source;
  readonly name: string;
  readonly memoryMiB: string;
  readonly vcpus: string;
  /** What the host does best until something else is chosen. */
  readonly type: NewDomain["type"] | undefined;
  readonly firmware: NewDomain["firmware"];
  /** Where new volumes are made; none without one. */
  readonly pool: string;
  readonly sizeGiB: string;
  /** Path of the image that is begun with. */
  readonly image: string;
  readonly use: Use;
  /** Path of an ISO image. */
  readonly media: string;
  /** Name of a virtual network, or one of the two below. */
  readonly network: string;
  readonly userData: string;
  /** Name of the domain that is copied. */
  readonly template: string;
  readonly start: boolean;
}

export const USER_NETWORK = ":user";
export const NO_NETWORK = ":none";

const USER_DATA = `#cloud-config
password: change-me
chpasswd: { expire: true }
ssh_pwauth: true
ssh_authorized_keys: []
`;

export const FIRST: Omit<Wish, "from"> = {
  name: "",
  memoryMiB: "2048",
  vcpus: "2",
  type: undefined,
  firmware: "bios",
  pool: "",
  sizeGiB: "20",
  image: "",
  use: "layer",
  media: "",
  network: USER_NETWORK,
  userData: USER_DATA,
  template: "",
  start: true,
};

const GIB = 1024 ** 3;

const isImageSource = ({ from }: Wish): boolean => from === "image" || from === "cloud";

/** The volume that the domain will write to. */
export function diskOf(wish: Wish, image: OfferedImage | undefined): ImagePlace | undefined {
  if (isImageSource(wish) && wish.use === "itself")
    return image && { pool: image.pool, volume: image.volume, format: image.format };
  if (wish.pool === "" || (isImageSource(wish) && image === undefined)) return undefined;
  const format = isImageSource(wish) && wish.use === "copy" ? (image?.format ?? "raw") : "qcow2";
  return { pool: wish.pool, volume: `${wish.name}.${format}`, format };
}

const seedOf = ({ from, pool, name }: Wish): ImagePlace | undefined =>
  from === "cloud" && pool !== "" ? { pool, volume: `${name}-seed.iso`, format: "raw" } : undefined;

function networkOf({ network }: Wish): NewDomain["network"] {
  if (network === USER_NETWORK) return { type: "user" };
  return network === NO_NETWORK ? { type: "none" } : { type: "network", name: network };
}

/** What is booted first, and the rest after it. */
const BOOTS: Readonly<Record<Source, NewDomain["boot"]>> = {
  iso: ["media", "disk"],
  image: ["disk", "media"],
  cloud: ["disk", "media"],
  pxe: ["network", "disk"],
  template: ["disk"],
};

export function newDomainOf(
  wish: Wish,
  { best, image }: { readonly best: NewDomain["type"]; readonly image: OfferedImage | undefined },
): NewDomain {
  const { from, name, memoryMiB, vcpus, type = best, firmware, media } = wish;
  const disk = diskOf(wish, image);
  return {
    name,
    memoryMiB: Math.max(1, Math.round(Number(memoryMiB))),
    vcpus: Math.max(1, Math.round(Number(vcpus))),
    type,
    firmware,
    disks: disk === undefined ? [] : [disk],
    media: from === "iso" && media !== "" ? { path: media, format: "raw" } : undefined,
    seed: seedOf(wish),
    network: networkOf(wish),
    boot: BOOTS[from],
  };
}

/** Where a volume will be about: what is not there yet has no path to tell. */
const asFile = (image: ImagePlace): ImagePlace =>
  "path" in image ? image : { path: `/${image.pool}/${image.volume}`, format: image.format };

/** The same machine for a look at QEMU's arguments before its volumes are made. */
export const withoutVolumes = (domain: NewDomain): NewDomain => ({
  ...domain,
  name: domain.name === "" ? "name" : domain.name,
  disks: domain.disks.map(asFile),
  seed: domain.seed && asFile(domain.seed),
});

interface NewVolumeWish {
  readonly pool: string;
  readonly xml: string;
  readonly from?: { readonly pool: string; readonly name: string };
}

export interface ActionFacts {
  readonly image: OfferedImage | undefined;
  /** What the guest sees of the image that is begun with. */
  readonly imageBytes: number;
  /** The definition. */
  readonly xml: string;
}

/** The volume that is made for it, if one is. */
function volumesOf(
  wish: Wish,
  { image, imageBytes }: Omit<ActionFacts, "xml">,
): readonly NewVolumeWish[] {
  const disk = diskOf(wish, image);
  const begun = isImageSource(wish) ? image : undefined;
  if (disk === undefined || !("volume" in disk)) return [];
  if (begun !== undefined && wish.use === "itself") return [];
  const { pool, volume: name, format } = disk;
  const asked = Math.round(Number(wish.sizeGiB) * GIB);
  if (begun === undefined) return [{ pool, xml: volumeXml({ name, bytes: asked, format }) }];
  if (wish.use === "copy")
    return [
      {
        pool,
        xml: volumeXml({ name, bytes: imageBytes, format }),
        from: { pool: begun.pool, name: begun.volume },
      },
    ];
  const bytes = Math.max(imageBytes, asked);
  return [{ pool, xml: volumeXml({ name, bytes, format, backing: begun }) }];
}

/** What the daemon is asked for: all of it, or nothing of it comes to be. */
export function actionOf(wish: Wish, facts: ActionFacts): Action {
  const { from, name, template, use, userData, start } = wish;
  if (from === "template")
    return {
      operation: "domain.clone",
      input: { domain: { name: template }, name, ...(use === "layer" ? { linked: true } : {}) },
    };
  const volumes = volumesOf(wish, facts);
  const seed = seedOf(wish);
  return {
    operation: "domain.createWithVolumes",
    input: {
      xml: facts.xml,
      ...(volumes.length === 0 ? {} : { volumes }),
      ...(seed !== undefined && "volume" in seed
        ? { seed: { pool: seed.pool, name: seed.volume, userData } }
        : {}),
      ...(start ? { start } : {}),
    },
  };
}
