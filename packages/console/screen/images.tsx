import { EmptyState } from "@patternfly/react-core";
import { Td, Tr } from "@patternfly/react-table";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { timeText } from "../data/time-text.ts";
import { ImageTree, type Quarantined } from "../storage/image-tree.tsx";
import { ActButton } from "../part/act-button.tsx";
import { DataTable, hidden } from "../part/data-table.tsx";
import { Panel } from "../part/facts.tsx";
import { Fault } from "../part/fault.tsx";
import { Screen } from "../part/screen.tsx";

/** What was deleted by force can be had back for a while. */
function Quarantine({ waiting }: { readonly waiting: readonly Quarantined[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <Panel title={t("images.quarantine")}>
      <DataTable
        label={t("images.quarantine")}
        columns={[t("images.path"), t("images.until"), hidden(t("list.actions"))]}
      >
        {waiting.map(({ path, until }) => (
          <Tr key={path}>
            <Td dataLabel={t("images.path")}>{path}</Td>
            <Td dataLabel={t("images.until")}>{timeText(until)}</Td>
            <Td isActionCell>
              <ActButton
                action={{ operation: "image.restore", input: { path } }}
                label={t("images.restore")}
              />
            </Td>
          </Tr>
        ))}
      </DataTable>
    </Panel>
  );
}

/** Which image lies upon which, and who reads it. */
export function Images(): ReactElement {
  const { t } = useTranslation();
  const { data, error, isPending } = useAsk(["image", "graph"], {}, { everyMs: 15_000 });
  const { images = [], quarantine = [] } = data ?? {};
  return (
    <Screen title={t("nav.images")} about={t("images.about")}>
      <Fault error={error} />
      {images.length === 0 && !isPending ? (
        <EmptyState titleText={t("images.none")} headingLevel="h2" />
      ) : (
        <ImageTree images={images} />
      )}
      {quarantine.length === 0 ? null : <Quarantine waiting={quarantine} />}
    </Screen>
  );
}
