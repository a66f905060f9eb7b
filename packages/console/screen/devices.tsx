import { Button, SearchInput, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { Td, Tr } from "@patternfly/react-table";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { DeviceDetails } from "../device/device-details.tsx";
import { IommuPanel, type Device } from "../device/iommu-panel.tsx";
import { DataTable } from "../part/data-table.tsx";
import { Fault } from "../part/fault.tsx";
import { Screen } from "../part/screen.tsx";

/** How the devices are shown. */
const VIEWS = ["list", "groups"] as const;

function DeviceRow({ device }: { readonly device: Device }): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Tr>
        <Td dataLabel={t("list.name")}>
          <Button variant="link" isInline aria-expanded={open} onClick={() => setOpen(!open)}>
            {device.name}
          </Button>
        </Td>
        <Td dataLabel={t("devices.capabilities")}>{device.capabilities.join(", ")}</Td>
        <Td dataLabel={t("devices.parent")}>{device.parent ?? "–"}</Td>
      </Tr>
      {open ? (
        <Tr>
          <Td colSpan={3}>
            <DeviceDetails device={device} />
          </Td>
        </Tr>
      ) : null}
    </>
  );
}

/** What the host has, with the groups that must go to a guest together. */
export function Devices(): ReactElement {
  const { t } = useTranslation();
  const { name = "", view = "list" } = useSearch({ from: "/devices" });
  const navigate = useNavigate({ from: "/devices" });
  const { data: devices = [], error } = useAsk(["nodeDevice", "list"], {});
  const words = name.toLowerCase();
  const shown = devices.filter((one) =>
    [one.name, ...one.capabilities].some((text) => text.toLowerCase().includes(words)),
  );
  return (
    <Screen title={t("nav.devices")}>
      <div className="vireo-line">
        <SearchInput
          aria-label={t("devices.filter")}
          placeholder={t("devices.filter")}
          value={name}
          onChange={(_event, typed) => void navigate({ search: { name: typed }, replace: true })}
          onClear={() => void navigate({ search: {}, replace: true })}
        />
        <ToggleGroup aria-label={t("devices.view")}>
          {VIEWS.map((one) => (
            <ToggleGroupItem
              key={one}
              buttonId={`view-${one}`}
              text={t(`devices.views.${one}`)}
              isSelected={view === one}
              onChange={() =>
                void navigate({ search: one === "groups" ? { view: one } : {}, replace: true })
              }
            />
          ))}
        </ToggleGroup>
      </div>
      <Fault error={error} />
      {view === "groups" ? (
        <IommuPanel devices={devices} />
      ) : (
        <DataTable
          label={t("nav.devices")}
          columns={[t("list.name"), t("devices.capabilities"), t("devices.parent")]}
        >
          {shown.map((device) => (
            <DeviceRow key={device.name} device={device} />
          ))}
        </DataTable>
      )}
    </Screen>
  );
}
