import { Td, Tr } from "@patternfly/react-table";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { DataTable } from "../part/data-table.tsx";
import { Fault } from "../part/fault.tsx";
import type { DomainTabProps } from "./domain-tab.ts";

/** Each line of the XML: who said it, and what QEMU is given for it. */
export function ExplainTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { data, error } = useAsk(["domain", "explain"], { domain: { uuid: domain.uuid } });
  return (
    <>
      <Fault error={error} />
      <Fault error={data?.problem} variant="warning" />
      <div className="vireo-even">
        <DataTable label={t("domain.explain")} columns={["XML", t("explain.from"), "QEMU"]}>
          {data?.lines.map(({ xml, sources, args, silent }, at) => (
            <Tr key={at}>
              <Td dataLabel="XML" width={35}>
                <div className="vireo-mono">{xml}</div>
              </Td>
              <Td dataLabel={t("explain.from")} width={20}>
                {[...new Set(sources.map(({ rule }) => rule))].join(", ")}
              </Td>
              <Td dataLabel="QEMU" width={45}>
                <div className="vireo-mono">
                  {args
                    .map((arg) => `${data.args[arg]?.option ?? ""} ${data.args[arg]?.value ?? ""}`)
                    .join("\n")}
                </div>
                <span className="vireo-quiet">{silent}</span>
              </Td>
            </Tr>
          ))}
        </DataTable>
      </div>
    </>
  );
}
