import { Td, Tr } from "@patternfly/react-table";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { timeText } from "../data/time-text.ts";
import { DataTable } from "../part/data-table.tsx";
import { Fault } from "../part/fault.tsx";
import type { Network } from "./topology.tsx";

/** Addresses that the network gave, and the network as XML. */
export function Leases({ network }: { readonly network: Network }): ReactElement {
  const { t } = useTranslation();
  const about = { network: { uuid: network.uuid } };
  const { data: leases = [], error } = useAsk(["network", "leases"], about, { everyMs: 5000 });
  const { data: xml } = useAsk(["network", "xml"], about);
  const columns = [t("network.address"), "MAC", t("network.hostname"), t("network.until")];
  return (
    <div className="vireo-stack">
      <Fault error={error} />
      {leases.length === 0 ? (
        <p className="vireo-quiet">{t("network.noLeases")}</p>
      ) : (
        <DataTable label={`${t("network.leases")}: ${network.name}`} columns={columns}>
          {leases.map(({ mac = "–", address, hostname = "–", expiry }) => (
            <Tr key={`${mac} ${address}`}>
              <Td dataLabel={t("network.address")}>{address}</Td>
              <Td dataLabel="MAC">{mac}</Td>
              <Td dataLabel={t("network.hostname")}>{hostname}</Td>
              <Td dataLabel={t("network.until")}>
                {expiry === 0 ? t("network.forEver") : timeText(expiry * 1000)}
              </Td>
            </Tr>
          ))}
        </DataTable>
      )}
      <details>
        <summary>XML</summary>
        <pre className="vireo-mono">{xml}</pre>
      </details>
    </div>
  );
}
