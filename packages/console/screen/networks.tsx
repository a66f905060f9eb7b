import { EmptyState } from "@patternfly/react-core";
import { Td, Tr } from "@patternfly/react-table";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { Leases } from "../network/leases.tsx";
import { Topology, type Network } from "../network/topology.tsx";
import { ActButton } from "../part/act-button.tsx";
import { ActiveLabel } from "../part/active-label.tsx";
import { DataTable, hidden } from "../part/data-table.tsx";
import { Panel } from "../part/facts.tsx";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";
import { Screen } from "../part/screen.tsx";
import { XmlDefine } from "../part/xml-define.tsx";

const TEMPLATE = `<network>
  <name>lab</name>
  <forward mode='nat'/>
  <ip address='192.168.150.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.150.10' end='192.168.150.200'/>
    </dhcp>
  </ip>
</network>
`;

function Actions({ network }: { readonly network: Network }): ReactElement {
  const { t } = useTranslation();
  const { name } = network;
  const input = { network: { uuid: network.uuid } };
  if (network.active)
    return (
      <PromptButton
        title={t("network.stop", { name })}
        action={{ operation: "network.destroy", input }}
        confirm={t("action.stop")}
        isDanger
        name={name}
      >
        {t("network.stopWhat")}
      </PromptButton>
    );
  return (
    <>
      <ActButton action={{ operation: "network.start", input }} label={t("action.start")} />
      <PromptButton
        title={t("undefine.title", { name })}
        action={{ operation: "network.undefine", input }}
        confirm={t("action.undefine")}
        isDanger
        name={name}
      >
        {t("network.undefineWhat")}
      </PromptButton>
    </>
  );
}

interface RowProps {
  readonly network: Network;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function NetworkRow({ network, open, onToggle }: RowProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Tr>
        <Td
          expand={{ rowIndex: 0, isExpanded: open, onToggle, expandId: `leases-${network.uuid}` }}
        />
        <Td dataLabel={t("list.name")}>{network.name}</Td>
        <Td dataLabel={t("list.state")}>
          <ActiveLabel active={network.active} />
        </Td>
        <Td dataLabel={t("list.autostart")}>{network.autostart ? "✓" : "–"}</Td>
        <Td isActionCell>
          <div className="vireo-life">
            <Actions network={network} />
          </div>
        </Td>
      </Tr>
      {open ? (
        <Tr isExpanded>
          <Td colSpan={5}>
            <Leases network={network} />
          </Td>
        </Tr>
      ) : null}
    </>
  );
}

export function Networks(): ReactElement {
  const { t } = useTranslation();
  const { data: networks = [], error, isPending } = useAsk(["network", "list"], {});
  const { open } = useSearch({ from: "/networks" });
  const navigate = useNavigate({ from: "/networks" });
  const columns = [
    hidden(t("network.leases")),
    t("list.name"),
    t("list.state"),
    t("list.autostart"),
    hidden(t("list.actions")),
  ];
  return (
    <Screen title={t("nav.networks")}>
      <Fault error={error} />
      {networks.length === 0 && !isPending ? (
        <EmptyState titleText={t("network.none")} headingLevel="h2" />
      ) : (
        <DataTable label={t("nav.networks")} columns={columns}>
          {networks.map((network) => (
            <NetworkRow
              key={network.uuid}
              network={network}
              open={open === network.name}
              onToggle={() =>
                void navigate({
                  search: open === network.name ? {} : { open: network.name },
                  replace: true,
                })
              }
            />
          ))}
        </DataTable>
      )}
      <XmlDefine operation="network.define" label={t("network.add")} template={TEMPLATE} />
      <div className="vireo-halves">
        {networks.map((network) => (
          <Panel key={network.uuid} title={network.name}>
            <Topology network={network} />
          </Panel>
        ))}
      </div>
    </Screen>
  );
}
