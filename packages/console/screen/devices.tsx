import { Button, Label, PageSection, SearchInput, Title } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { useAsk } from "../data/operation.ts";
import { Fault } from "../part/fault.tsx";

type Device = OperationOutput<"nodeDevice", "list">[number];

const textOf = (xml: string, selector: string, attribute?: string): string | undefined => {
  const found = new DOMParser().parseFromString(xml, "application/xml").querySelector(selector);
  const text = attribute === undefined ? found?.textContent : found?.getAttribute(attribute);
  return text ?? undefined;
};

/** What speaks against giving it to a guest, and its XML. */
function Details({ device }: { readonly device: Device }): ReactElement {
  const { t } = useTranslation();
  const about = { device: { name: device.name } };
  const isPci = device.capabilities.includes("pci");
  const { data: xml = "", error } = useAsk(["nodeDevice", "xml"], about);
  const { data: objections } = useAsk(["nodeDevice", "objections"], about, { enabled: isPci });
  const group = textOf(xml, "iommuGroup", "number");
  return (
    <>
      <Fault error={error} />
      {isPci ? (
        <p>
          {t("devices.group")}: {group ?? t("devices.noGroup")}
          {objections === undefined ? null : objections.length === 0 ? (
            <Label color="green">{t("devices.free")}</Label>
          ) : (
            objections.map((one) => (
              <Label key={one} color="orange">
                {one}
              </Label>
            ))
          )}
        </p>
      ) : null}
      <pre className="vireo-mono">{xml}</pre>
    </>
  );
}

function DeviceRow({ device }: { readonly device: Device }): ReactElement {
  const [open, setOpen] = useState(false);
  return (
    <Tr>
      <Td>
        <Button variant="link" isInline aria-expanded={open} onClick={() => setOpen(!open)}>
          {device.name}
        </Button>
        {open ? <Details device={device} /> : null}
      </Td>
      <Td>{device.capabilities.join(", ")}</Td>
      <Td>{device.parent ?? "–"}</Td>
    </Tr>
  );
}

/** What the host has, with the group that must go to a guest together. */
export function Devices(): ReactElement {
  const { t } = useTranslation();
  const { name = "" } = useSearch({ from: "/devices" });
  const navigate = useNavigate({ from: "/devices" });
  const { data: devices = [], error } = useAsk(["nodeDevice", "list"], {});
  const words = name.toLowerCase();
  const shown = devices.filter((one) =>
    [one.name, ...one.capabilities].some((text) => text.toLowerCase().includes(words)),
  );
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t("nav.devices")}</Title>
      <SearchInput
        aria-label={t("devices.filter")}
        placeholder={t("devices.filter")}
        value={name}
        onChange={(_event, typed) => void navigate({ search: { name: typed }, replace: true })}
        onClear={() => void navigate({ search: {}, replace: true })}
      />
      <Fault error={error} />
      <Table aria-label={t("nav.devices")} variant="compact">
        <Thead>
          <Tr>
            <Th>{t("list.name")}</Th>
            <Th>{t("devices.capabilities")}</Th>
            <Th>{t("devices.parent")}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {shown.map((device) => (
            <DeviceRow key={device.name} device={device} />
          ))}
        </Tbody>
      </Table>
    </PageSection>
  );
}
