import { EmptyState } from "@patternfly/react-core";
import { Td, Tr } from "@patternfly/react-table";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { bytesText } from "../data/bytes.ts";
import { useAsk } from "../data/operation.ts";
import { ActButton } from "../part/act-button.tsx";
import { ActiveLabel } from "../part/active-label.tsx";
import { DataTable, hidden } from "../part/data-table.tsx";
import { Fault } from "../part/fault.tsx";
import { Meter } from "../part/meter.tsx";
import { PromptButton } from "../part/prompt-button.tsx";
import { Screen } from "../part/screen.tsx";
import { XmlDefine } from "../part/xml-define.tsx";

type Pool = OperationOutput<"storagePool", "list">[number];

const TEMPLATE = `<pool type='dir'>
  <name>images</name>
  <target>
    <path>/var/lib/vireo/images</path>
  </target>
</pool>
`;

function Room({ pool }: { readonly pool: Pool }): ReactElement {
  const { t } = useTranslation();
  const about = { pool: { uuid: pool.uuid } };
  const { data, error } = useAsk(["storagePool", "info"], about, {
    everyMs: 10_000,
    enabled: pool.active,
  });
  if (error !== null) return <Fault error={error} />;
  if (data === undefined || data.capacity === 0) return <>–</>;
  return (
    <Meter
      label={pool.name}
      part={data.allocation / data.capacity}
      text={t("host.freeOf", { free: bytesText(data.available), all: bytesText(data.capacity) })}
    />
  );
}

function PoolRow({ pool }: { readonly pool: Pool }): ReactElement {
  const { t } = useTranslation();
  const input = { pool: { uuid: pool.uuid } };
  return (
    <Tr>
      <Td dataLabel={t("list.name")}>
        <Link to="/storage/$pool" params={{ pool: pool.name }}>
          {pool.name}
        </Link>
      </Td>
      <Td dataLabel={t("storage.type")}>{pool.type}</Td>
      <Td dataLabel={t("list.state")}>
        <ActiveLabel active={pool.active} />
      </Td>
      <Td dataLabel={t("storage.room")}>
        <Room pool={pool} />
      </Td>
      <Td isActionCell>
        <div className="vireo-life">
          {pool.active ? (
            <>
              <ActButton
                action={{ operation: "storagePool.refresh", input }}
                label={t("action.refresh")}
              />
              <PromptButton
                title={t("storage.stop", { name: pool.name })}
                action={{ operation: "storagePool.destroy", input }}
                confirm={t("action.stop")}
              >
                {t("storage.stopWhat")}
              </PromptButton>
            </>
          ) : (
            <>
              <ActButton
                action={{ operation: "storagePool.start", input }}
                label={t("action.start")}
              />
              <PromptButton
                title={t("storage.undefine", { name: pool.name })}
                action={{ operation: "storagePool.undefine", input }}
                confirm={t("action.undefine")}
                isDanger
                name={pool.name}
              >
                {t("storage.undefineWhat")}
              </PromptButton>
            </>
          )}
        </div>
      </Td>
    </Tr>
  );
}

export function Storage(): ReactElement {
  const { t } = useTranslation();
  const { data: pools = [], error, isPending } = useAsk(["storagePool", "list"], {});
  const columns = [
    t("list.name"),
    t("storage.type"),
    t("list.state"),
    t("storage.room"),
    hidden(t("list.actions")),
  ];
  return (
    <Screen title={t("nav.storage")}>
      <Fault error={error} />
      {pools.length === 0 && !isPending ? (
        <EmptyState titleText={t("storage.none")} headingLevel="h2" />
      ) : (
        <DataTable label={t("nav.storage")} columns={columns}>
          {pools.map((pool) => (
            <PoolRow key={pool.uuid} pool={pool} />
          ))}
        </DataTable>
      )}
      <XmlDefine operation="storagePool.define" label={t("storage.add")} template={TEMPLATE} />
    </Screen>
  );
}
