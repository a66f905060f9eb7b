import { Label } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { PromptButton } from "../part/prompt-button.tsx";

type Graph = OperationOutput<"image", "graph">;
export type Image = Graph["images"][number];
export type Quarantined = Graph["quarantine"][number];

const COLOURS = { running: "green", defined: "grey", snapshot: "purple" } as const;

/** Only what nobody reads can be deleted here; the daemon names the reader otherwise. */
function Delete({ path }: { readonly path: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <PromptButton
      title={t("undefine.title", { name: path })}
      action={{ operation: "image.delete", input: { path } }}
      confirm={t("action.undefine")}
      isDanger
      name={path.split("/").at(-1) ?? path}
    >
      {t("images.deleteWhat")}
    </PromptButton>
  );
}

function About({ image }: { readonly image: Image }): ReactElement {
  const { pool, format, users, path } = image;
  return (
    <>
      <span className="vireo-code">{path}</span>{" "}
      {format === undefined ? null : <Label isCompact>{format}</Label>}{" "}
      {pool === undefined ? null : (
        <Link to="/storage/$pool" params={{ pool }}>
          {pool}
        </Link>
      )}{" "}
      {users.map(({ who, kind, domain }) => (
        <Label key={who} isCompact color={COLOURS[kind]} title={domain}>
          {who}
        </Label>
      ))}
    </>
  );
}

interface BranchProps {
  readonly images: readonly Image[];
  readonly from: readonly Image[];
}

/** Each image with the layers that lie upon it. */
function Branch({ images, from }: BranchProps): readonly ReactElement[] {
  return from.map((image) => {
    const above = images.filter(({ backing }) => backing === image.path);
    return (
      <li key={image.path}>
        <About image={image} />{" "}
        {above.length === 0 ? (
          <Delete path={image.path} />
        ) : (
          <ul>
            <Branch images={images} from={above} />
          </ul>
        )}
      </li>
    );
  });
}

/** One whose backing image nobody knows stands alone. */
export function ImageTree({ images }: { readonly images: readonly Image[] }): ReactElement {
  const { t } = useTranslation();
  const known = new Set(images.map(({ path }) => path));
  const roots = images.filter(({ backing }) => backing === undefined || !known.has(backing));
  return (
    <ul className="vireo-tree" aria-label={t("nav.images")}>
      <Branch images={images} from={roots} />
    </ul>
  );
}
