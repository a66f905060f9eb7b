import { Label, PageSection, Title } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAsk } from "../data/operation.ts";
import { ActButton } from "../part/act-button.tsx";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";
import { XmlDefine } from "../part/xml-define.tsx";

type Network = OperationOutput<"network", "list">[number];

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

function Leases({ network }: { readonly network: Network }): ReactElement {
  const { t } = useTranslation();
  const about = { network: { uuid: network.uuid } };
  const { data: leases = [], error } = useAsk(["network", "leases"], about, { everyMs: 5000 });
  const { data: xml } = useAsk(["network", "xml"], about);
  return (
    <>
      <Fault error={error} />
      <Table aria-label={`${t("network.leases")}: ${network.name}`} variant="compact">
        <Thead>
          <Tr>
            <Th>{t("network.address")}</Th>
            <Th>MAC</Th>
            <Th>{t("network.hostname")}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {leases.map((lease) => (
            <Tr key={`${lease.mac ?? ""} ${lease.address}`}>
              <Td>{lease.address}</Td>
              <Td>{lease.mac ?? "–"}</Td>
              <Td>{lease.hostname ?? "–"}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      <pre className="vireo-mono">{xml}</pre>
    </>
  );
}

function NetworkRow({ network }: { readonly network: Network }): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const input = { network: { uuid: network.uuid } };
  return (
    <>
      <Tr>
        <Td
          expand={{
            rowIndex: 0,
            isExpanded: open,
            onToggle: () => setOpen(!open),
            expandId: network.uuid,
          }}
        />
        <Td dataLabel={t("list.name")}>{network.name}</Td>
        <Td dataLabel={t("list.state")}>
          <Label color={network.active ? "green" : "grey"} isCompact>
            {t(network.active ? "storage.active" : "storage.inactive")}
          </Label>
        </Td>
        <Td dataLabel={t("list.autostart")}>{network.autostart ? "✓" : "–"}</Td>
        <Td isActionCell>
          {network.active ? (
            <PromptButton
              title={t("network.stop", { name: network.name })}
              action={{ operation: "network.destroy", input }}
              confirm={t("action.stop")}
              isDanger
            >
              {t("network.stopWhat")}
            </PromptButton>
          ) : (
            <>
              <ActButton action={{ operation: "network.start", input }} label={t("action.start")} />{" "}
              <PromptButton
                title={t("undefine.title", { name: network.name })}
                action={{ operation: "network.undefine", input }}
                confirm={t("action.undefine")}
                isDanger
                name={network.name}
              />
            </>
          )}
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
  const { data: networks = [], error } = useAsk(["network", "list"], {});
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t("nav.networks")}</Title>
      <Fault error={error} />
      <Table aria-label={t("nav.networks")} variant="compact">
        <Thead>
          <Tr>
            <Th screenReaderText={t("network.leases")} />
            <Th>{t("list.name")}</Th>
            <Th>{t("list.state")}</Th>
            <Th>{t("list.autostart")}</Th>
            <Th screenReaderText={t("list.actions")} />
          </Tr>
        </Thead>
        <Tbody>
          {networks.map((network) => (
            <NetworkRow key={network.uuid} network={network} />
          ))}
        </Tbody>
      </Table>
      <XmlDefine operation="network.define" label={t("network.add")} template={TEMPLATE} />
    </PageSection>
  );
}
