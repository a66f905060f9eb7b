/** What the form of a new domain holds, and what it stands for. Pure. */
import type { ImagePlace, NewDomain } from "@vireo/sdk/new-domain";
import { cloudInitSeed } from "@vireo/sdk/seed-image";
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

/** A step of the creation; what it has made goes again when a later one fails. */
export interface Step {
  readonly action: Action;
  readonly undo?: Action;
  /** Bytes for a volume that the step before has made. */
  readonly upload?: Uint8Array<ArrayBuffer>;
}

const made = (pool: string, name: string): Pick<Step, "undo"> => ({
  undo: { operation: "storageVolume.delete", input: { volume: { pool, name } } },
});

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

const BOOTS: Readonly<Record<Source, NewDomain["boot"]>> = {
  iso: "media",
  image: "disk",
  cloud: "disk",
  pxe: "network",
  template: "disk",
};

export function newDomainOf(
  wish: Wish,
  { best, image }: { readonly best: NewDomain["type"]; readonly image: OfferedImage | undefined },
): NewDomain {
  const { from, name, memoryMiB, vcpus, type = best, firmware, media } = wish;
  return {
    name,
    memoryMiB: Math.max(1, Math.round(Number(memoryMiB))),
    vcpus: Math.max(1, Math.round(Number(vcpus))),
    type,
    firmware,
    disk: diskOf(wish, image),
    media: from === "iso" && media !== "" ? { path: media, format: "raw" } : undefined,
    seed: seedOf(wish),
    network: networkOf(wish),
    boot: BOOTS[from],
  };
}

/** @param imageBytes what the guest sees of the image that is begun with */
function diskSteps(
  wish: Wish,
  image: OfferedImage | undefined,
  imageBytes: number,
): readonly Step[] {
  const disk = diskOf(wish, image);
  if (disk === undefined || !("volume" in disk)) return [];
  if (isImageSource(wish) && wish.use === "itself") return [];
  const { pool, volume: name, format } = disk;
  const asked = Math.round(Number(wish.sizeGiB) * GIB);
  const bytes = isImageSource(wish) ? Math.max(imageBytes, asked) : asked;
  const undo = made(pool, name);
  if (isImageSource(wish) && image !== undefined && wish.use === "copy") {
    const xml = volumeXml({ name, bytes: imageBytes, format });
    const from = { pool: image.pool, name: image.volume };
    return [
      {
        action: {
          operation: "storageVolume.createFrom",
          input: { pool: { name: pool }, xml, from },
        },
        ...undo,
      },
    ];
  }
  const backing = isImageSource(wish) && image !== undefined ? { backing: image } : {};
  const xml = volumeXml({ name, bytes, format, ...backing });
  return [
    {
      action: { operation: "storageVolume.create", input: { pool: { name: pool }, xml } },
      ...undo,
    },
  ];
}

function seedSteps(wish: Wish): readonly Step[] {
  const seed = seedOf(wish);
  if (seed === undefined || !("volume" in seed)) return [];
  const { pool, volume: name } = seed;
  const bytes = cloudInitSeed({ instance: wish.name, userData: wish.userData });
  const xml = volumeXml({ name, bytes: bytes.length, format: "raw" });
  return [
    {
      action: { operation: "storageVolume.create", input: { pool: { name: pool }, xml } },
      ...made(pool, name),
    },
    {
      action: {
        operation: "storageVolume.upload",
        input: { volume: { pool, name }, offset: 0, length: bytes.length },
      },
      upload: bytes,
    },
  ];
}

export interface StepFacts {
  readonly image: OfferedImage | undefined;
  readonly imageBytes: number;
  readonly xml: string;
  /** Volumes that are copied for a template. */
  readonly copies: readonly Step[];
}

/** All that is asked of the daemon, in its order. */
export function stepsOf(
  wish: Wish,
  { image, imageBytes, xml, copies }: StepFacts,
): readonly Step[] {
  const volumes =
    wish.from === "template" ? copies : [...diskSteps(wish, image, imageBytes), ...seedSteps(wish)];
  const domain = { name: wish.name };
  return [
    ...volumes,
    {
      action: { operation: "domain.define", input: { xml } },
      undo: { operation: "domain.undefine", input: { domain, nvram: true } },
    },
    ...(wish.start ? [{ action: { operation: "domain.start", input: { domain } } }] : []),
  ];
}
