/** What the form stands for now: the definition, and what the daemon is asked for. */
import { newDomainXml, type NewDomain } from "@vireo/sdk/new-domain";
import { useAsk, type Action } from "../data/operation.ts";
import { actionOf, newDomainOf, withoutVolumes, type OfferedImage, type Wish } from "./wish.ts";

export interface CreatePlan {
  /** Of the domain that is copied, when one is. */
  readonly xml: string;
  /** The same for a look at QEMU's arguments. */
  readonly preview: string;
  readonly action: Action;
  readonly images: readonly OfferedImage[];
  readonly best: NewDomain["type"];
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

function useTemplateXml({ from, template }: Wish): string {
  const { data = "" } = useAsk(
    ["domain", "xml"],
    { domain: { name: template }, inactive: true },
    { enabled: from === "template" && template !== "" },
  );
  return data;
}

export function usePlan(wish: Wish): CreatePlan {
  const best = useBestType();
  const images = useImages();
  const image = images.find(({ path }) => path === wish.image);
  const imageBytes = useImageBytes(image);
  const copied = useTemplateXml(wish);
  const domain = newDomainOf(wish, { best, image });
  const isCopy = wish.from === "template";
  const xml = isCopy ? copied : newDomainXml(domain);
  const preview = isCopy ? copied : newDomainXml(withoutVolumes(domain));
  return { xml, preview, action: actionOf(wish, { image, imageBytes, xml }), images, best };
}
