import {
  EmptyState,
  Label,
  PageSection,
  Title,
  TreeView,
  type TreeViewDataItem,
} from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";

type Image = OperationOutput<"image", "graph">["images"][number];

function About({ image }: { readonly image: Image }): ReactElement {
  const { pool, format, users } = image;
  return (
    <>
      <code>{image.path}</code> {format ?? "?"}{" "}
      {pool === undefined ? null : (
        <Label isCompact color="blue">
          {pool}
        </Label>
      )}{" "}
      {users.map(({ who, kind }) => (
        <Label key={who} isCompact color={kind === "running" ? "green" : "grey"}>
          {who}
        </Label>
      ))}
    </>
  );
}

/** Only what nobody reads can be deleted here; the daemon names the reader otherwise. */
function Delete({ image }: { readonly image: Image }): ReactElement {
  const { t } = useTranslation();
  return (
    <PromptButton
      title={t("undefine.title", { name: image.path })}
      action={{ operation: "image.delete", input: { path: image.path } }}
      confirm={t("action.undefine")}
      isDanger
    >
      {t("storage.deleteWhat")}
    </PromptButton>
  );
}

/** Each image with the layers that lie upon it; one whose backing image nobody knows stands alone. */
function treeOf(
  images: readonly Image[],
  backing: string | undefined,
  action: (image: Image) => ReactElement | null,
): TreeViewDataItem[] {
  const known = new Set(images.map(({ path }) => path));
  return images
    .filter((image) =>
      backing === undefined
        ? image.backing === undefined || !known.has(image.backing)
        : image.backing === backing,
    )
    .map((image) => {
      const children = treeOf(images, image.path, action);
      return {
        id: image.path,
        name: <About image={image} />,
        action: children.length === 0 ? action(image) : null,
        ...(children.length === 0 ? {} : { children, defaultExpanded: true }),
      };
    });
}

/** Which image lies upon which, and who reads it. */
export function Images(): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const { data, error } = useAsk(["image", "graph"], {}, { everyMs: 15_000 });
  const images = data?.images ?? [];
  const tree = treeOf(images, undefined, (image) => (readOnly ? null : <Delete image={image} />));
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t("nav.images")}</Title>
      <Fault error={error} />
      {tree.length === 0 ? (
        <EmptyState titleText={t("images.none")} headingLevel="h2" />
      ) : (
        <TreeView data={tree} aria-label={t("nav.images")} />
      )}
    </PageSection>
  );
}
