import { Td, Tr } from "@patternfly/react-table";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { timeText } from "../data/time-text.ts";
import { DataTable, hidden } from "../part/data-table.tsx";
import { PromptButton } from "../part/prompt-button.tsx";

export interface HolderTableProps {
  readonly kind: "user" | "token";
  readonly holders: readonly {
    readonly name: string;
    readonly readOnly: boolean;
    readonly expiresAt?: number | undefined;
  }[];
}

export function HolderTable({ kind, holders }: HolderTableProps): ReactElement {
  const { t } = useTranslation();
  const columns = [t("list.name"), t("access.rights"), t("access.ends"), hidden(t("list.actions"))];
  if (holders.length === 0) return <p className="vireo-quiet">{t(`access.no.${kind}`)}</p>;
  return (
    <DataTable label={t(`access.${kind}s`)} columns={columns}>
      {holders.map(({ name, readOnly, expiresAt }) => (
        <Tr key={name}>
          <Td dataLabel={t("list.name")}>{name}</Td>
          <Td dataLabel={t("access.rights")}>{t(readOnly ? "session.readOnly" : "access.all")}</Td>
          <Td dataLabel={t("access.ends")}>
            {expiresAt === undefined ? "–" : timeText(expiresAt)}
          </Td>
          <Td isActionCell>
            <PromptButton
              title={t("undefine.title", { name })}
              action={{ operation: `${kind}.delete`, input: { [kind]: { name } } }}
              confirm={t("action.undefine")}
              isDanger
              name={name}
            >
              {t(`access.deleteWhat.${kind}`)}
            </PromptButton>
          </Td>
        </Tr>
      ))}
    </DataTable>
  );
}
