import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { HolderTable } from "../access/holder-table.tsx";
import { NewHolder } from "../access/new-holder.tsx";
import { useAsk } from "../data/operation.ts";
import { Panel } from "../part/facts.tsx";
import { Screen } from "../part/screen.tsx";

/** Who may come in by HTTP: people and programs. */
export function Access(): ReactElement {
  const { t } = useTranslation();
  const users = useAsk(["user", "list"], {});
  const tokens = useAsk(["token", "list"], {});
  return (
    <Screen title={t("nav.access")}>
      <div className="vireo-halves">
        <Panel title={t("access.users")} error={users.error}>
          <div className="vireo-stack">
            <HolderTable kind="user" holders={users.data ?? []} />
            <NewHolder operation="user.create" label={t("access.newUser")} />
          </div>
        </Panel>
        <Panel title={t("access.tokens")} error={tokens.error}>
          <div className="vireo-stack">
            <HolderTable kind="token" holders={tokens.data ?? []} />
            <NewHolder operation="token.create" label={t("access.newToken")} />
          </div>
        </Panel>
      </div>
    </Screen>
  );
}
