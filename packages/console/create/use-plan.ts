/** What the form stands for now: the definition, and the steps to it. */
import { newDomainXml, type NewDomain } from "@vireo/sdk/new-domain";
import { useAsk } from "../data/operation.ts";
import { copyOf, type Copied } from "./template.ts";
import { newDomainOf, stepsOf, type OfferedImage, type Step, type Wish } from "./wish.ts";

export interface CreatePlan {
  readonly xml: string;
  readonly steps: readonly Step[];
  readonly images: readonly OfferedImage[];
  readonly best: NewDomain["type"];
  /** Disks of the template that cannot be copied. */
  readonly left: readonly string[];
}

/** KVM only where vireod has seen it work. */
function useBestType(): NewDomain["type"] {
  const { data: capabilities = "" } = useAsk(["connect", "capabilities"], {});
  return capabilities.includes("<domain type='kvm'") ? "kvm" : "qemu";
}

function useImages(): readonly OfferedImage[] {
  const { data } = useAsk(["image", "graph"], {});
  return (data?.images ?? []).flatMap(({ path, pool, volume, format = "raw" }) =>
    pool === undefined || volume === undefined ? [] : [{ path, pool, volume, format }],
  );
}

/** What the guest sees of an image; 0 while that is not known. */
function useImageBytes(image: OfferedImage | undefined): number {
  const { data } = useAsk(
    ["storageVolume", "info"],
    { volume: { pool: image?.pool ?? "", name: image?.volume ?? "" } },
    { enabled: image !== undefined },
  );
  return data?.capacity ?? 0;
}

const NOTHING: Copied = { xml: "", steps: [], left: [] };

function useCopy({ from, template, name }: Wish, images: readonly OfferedImage[]): Copied {
  const { data: xml } = useAsk(
    ["domain", "xml"],
    { domain: { name: template }, inactive: true, secure: true },
    { enabled: from === "template" && template !== "" },
  );
  return xml === undefined ? NOTHING : copyOf(xml, { name, images });
}

export function usePlan(wish: Wish): CreatePlan {
  const best = useBestType();
  const images = useImages();
  const image = images.find(({ path }) => path === wish.image);
  const imageBytes = useImageBytes(image);
  const copy = useCopy(wish, images);
  const isCopy = wish.from === "template";
  const xml = isCopy ? copy.xml : newDomainXml(newDomainOf(wish, { best, image }));
  const steps = stepsOf(wish, { image, imageBytes, xml, copies: copy.steps });
  return { xml, steps, images, best, left: isCopy ? copy.left : [] };
}
