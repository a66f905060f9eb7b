import { Label } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { ActButton } from "../part/act-button.tsx";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";
import { pciDevice } from "./iommu-groups.ts";
import type { Device } from "./iommu-panel.tsx";

/** What speaks against giving it to a guest, and the two ways to hand it over. */
function Passing({ device, xml }: { readonly device: Device; readonly xml: string }): ReactElement {
  const { t } = useTranslation();
  const about = { device: { name: device.name } };
  const { data: objections, error } = useAsk(["nodeDevice", "objections"], about);
  const { group, driver } = pciDevice(device.name, xml);
  return (
    <>
      <Fault error={error} />
      <div className="vireo-line">
        <Label isCompact>{t("devices.inGroup", { value: group ?? t("devices.noGroup") })}</Label>
        <Label isCompact>{t("devices.driverIs", { value: driver ?? t("devices.noGroup") })}</Label>
        {objections?.length === 0 ? <Label color="green">{t("devices.free")}</Label> : null}
        {objections?.map((one) => (
          <Label key={one} color="orange" textMaxWidth="100%">
            {one}
          </Label>
        ))}
        <PromptButton
          title={t("devices.detach", { name: device.name })}
          action={{ operation: "nodeDevice.detach", input: about }}
          confirm={t("devices.detachDo")}
          isDanger
          name={device.name}
        >
          {t("devices.detachWhat")}
        </PromptButton>
        <ActButton
          action={{ operation: "nodeDevice.reattach", input: about }}
          label={t("devices.reattach")}
        />
      </div>
    </>
  );
}

export function DeviceDetails({ device }: { readonly device: Device }): ReactElement {
  const about = { device: { name: device.name } };
  const { data: xml, error } = useAsk(["nodeDevice", "xml"], about);
  return (
    <div className="vireo-stack">
      <Fault error={error} />
      {device.capabilities.includes("pci") && xml !== undefined ? (
        <Passing device={device} xml={xml} />
      ) : null}
      <pre className="vireo-mono">{xml}</pre>
    </div>
  );
}
