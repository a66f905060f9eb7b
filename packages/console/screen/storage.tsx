import { Label, PageSection, Progress, Title } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { bytesText } from "../data/bytes.ts";
import { useAsk } from "../data/operation.ts";
import { ActButton } from "../part/act-button.tsx";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";
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
  const about = { pool: { uuid: pool.uuid } };
  const { data, error } = useAsk(["storagePool", "info"], about, {
    everyMs: 10_000,
    enabled: pool.active,
  });
  if (error !== null) return <Fault error={error} />;
  if (data === undefined || data.capacity === 0) return <>–</>;
  return (
    <Progress
      aria-label={pool.name}
      size="sm"
      measureLocation="outside"
      value={(data.allocation / data.capacity) * 100}
      label={`${bytesText(data.available)} free of ${bytesText(data.capacity)}`}
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
        <Label color={pool.active ? "green" : "grey"} isCompact>
          {t(pool.active ? "storage.active" : "storage.inactive")}
        </Label>
      </Td>
      <Td dataLabel={t("storage.room")}>
        <Room pool={pool} />
      </Td>
      <Td isActionCell>
        {pool.active ? (
          <>
            <ActButton
              action={{ operation: "storagePool.refresh", input }}
              label={t("action.refresh")}
            />{" "}
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
            />{" "}
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
      </Td>
    </Tr>
  );
}

export function Storage(): ReactElement {
  const { t } = useTranslation();
  const { data: pools = [], error } = useAsk(["storagePool", "list"], {});
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t("nav.storage")}</Title>
      <Fault error={error} />
      <Table aria-label={t("nav.storage")} variant="compact">
        <Thead>
          <Tr>
            <Th>{t("list.name")}</Th>
            <Th>{t("storage.type")}</Th>
            <Th>{t("list.state")}</Th>
            <Th width={30}>{t("storage.room")}</Th>
            <Th screenReaderText={t("list.actions")} />
          </Tr>
        </Thead>
        <Tbody>
          {pools.map((pool) => (
            <PoolRow key={pool.uuid} pool={pool} />
          ))}
        </Tbody>
      </Table>
      <XmlDefine operation="storagePool.define" label={t("storage.add")} template={TEMPLATE} />
    </PageSection>
  );
}
