import { EmptyState, ExpandableSection } from "@patternfly/react-core";
import { useParams } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { DataTable, hidden } from "../part/data-table.tsx";
import { Fault } from "../part/fault.tsx";
import { Screen } from "../part/screen.tsx";
import { NewVolume } from "../storage/new-volume.tsx";
import { Upload } from "../storage/upload.tsx";
import { VolumeRow } from "../storage/volume-row.tsx";

export function StoragePoolScreen(): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const { pool } = useParams({ from: "/storage/$pool" });
  const about = { pool: { name: pool } };
  const { data: volumes = [], error, isPending } = useAsk(["storagePool", "volumes"], about);
  const columns = [
    t("list.name"),
    t("storage.capacity"),
    t("storage.allocation"),
    hidden(t("list.actions")),
  ];
  return (
    <Screen
      title={pool}
      above={{ to: "/storage", label: t("nav.storage") }}
      actions={readOnly ? null : <Upload pool={pool} />}
    >
      <Fault error={error} />
      {volumes.length === 0 && !isPending ? (
        <EmptyState titleText={t("storage.noVolume")} headingLevel="h2" />
      ) : (
        <DataTable label={pool} columns={columns}>
          {volumes.map((volume) => (
            <VolumeRow key={volume.key} pool={pool} volume={volume} />
          ))}
        </DataTable>
      )}
      {readOnly ? null : (
        <ExpandableSection toggleText={t("storage.newVolume")} isIndented>
          <NewVolume pool={pool} />
        </ExpandableSection>
      )}
    </Screen>
  );
}
