import { Label } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Image } from "../storage/image-tree.tsx";

/** Paths from `top` down to the image that needs no other. */
function layersOf(images: ReadonlyMap<string, Image>, top: string): readonly string[] {
  const layers: string[] = [];
  for (let path: string | undefined = top; path !== undefined && !layers.includes(path); ) {
    layers.push(path);
    path = images.get(path)?.backing;
  }
  return layers;
}

export interface DiskChainProps {
  /** The image that is written to. */
  readonly top: string;
  /** What the domain itself knows of the chain. */
  readonly known: readonly string[];
  readonly images: readonly Image[];
  readonly domain: string;
}

interface LayerProps extends DiskChainProps {
  readonly layers: readonly string[];
  readonly isTop: boolean;
}

function Layer(props: LayerProps): ReactElement | null {
  const { layers, isTop, images, domain } = props;
  const { t } = useTranslation();
  const [path, ...below] = layers;
  if (path === undefined) return null;
  const image = images.find((one) => one.path === path);
  const others = new Set(image?.users.map((user) => user.domain).filter((one) => one !== domain));
  return (
    <ul className={isTop ? "vireo-tree" : ""}>
      <li>
        <span className="vireo-code">{path}</span>{" "}
        {image?.format === undefined ? null : <Label isCompact>{image.format}</Label>}{" "}
        {isTop ? (
          <Label isCompact color="green">
            {t("disk.written")}
          </Label>
        ) : null}{" "}
        {[...others].map((one) => (
          <Label key={one} isCompact color="orange">
            {t("disk.sharedWith", { name: one })}
          </Label>
        ))}
        <Layer {...props} layers={below} isTop={false} />
      </li>
    </ul>
  );
}

/** The images of a disk, each upon the one below it, and who else reads them. */
export function DiskChain(props: DiskChainProps): ReactElement {
  const { top, known, images } = props;
  const layers = layersOf(new Map(images.map((one) => [one.path, one])), top);
  return <Layer {...props} isTop layers={known.length > layers.length ? known : layers} />;
}
