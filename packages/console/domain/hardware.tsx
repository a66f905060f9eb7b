import { Button, ExpandableSection, Label, TextArea } from "@patternfly/react-core";
import { Td, Tr } from "@patternfly/react-table";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAct, useAsk, type Action } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { DataTable, hidden } from "../part/data-table.tsx";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { devicesIn, type ShownDevice } from "./devices.ts";

const EXAMPLE = "<disk type='file' device='disk'> … </disk>";

interface DeviceRowProps extends DomainTabProps {
  readonly device: ShownDevice;
}

/** Where a change of the device goes: to the guest, to the definition, or to both. */
const whereOf = ({ live, config }: ShownDevice): object => ({
  ...(live ? { live: true } : {}),
  ...(config ? { config: true } : {}),
});

/** Its XML, which can be changed as far as the daemon and the guest allow. */
function Edit({ domain, device }: DeviceRowProps): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const [xml, setXml] = useState(device.xml);
  const act = useAct();
  const action: Action = {
    operation: "domain.updateDevice",
    input: { domain: { uuid: domain.uuid }, xml, ...whereOf(device) },
  };
  if (readOnly) return <pre className="vireo-mono">{device.xml}</pre>;
  return (
    <div className="vireo-stack">
      <TextArea
        aria-label={t("hardware.xmlOf", { name: device.name })}
        className="vireo-mono"
        autoResize
        value={xml}
        onChange={(_event, typed) => setXml(typed)}
      />
      <Fault error={act.error} />
      <div className="vireo-line">
        <Button
          size="sm"
          isDisabled={xml === device.xml}
          isLoading={act.isPending}
          onClick={() => act.mutate(action)}
        >
          {t("action.save")}
        </Button>
        <Equivalents action={action} />
      </div>
    </div>
  );
}

function DeviceRow({ domain, device }: DeviceRowProps): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { kind, name, live, config, xml } = device;
  const input = { domain: { uuid: domain.uuid }, xml, ...whereOf(device) };
  return (
    <>
      <Tr>
        <Td dataLabel={t("hardware.kind")}>{kind}</Td>
        <Td dataLabel={t("hardware.device")}>
          <Button variant="link" isInline aria-expanded={open} onClick={() => setOpen(!open)}>
            {name}
          </Button>
        </Td>
        <Td dataLabel={t("hardware.there")}>
          {live ? <Label color="green">{t("hardware.live")}</Label> : null}{" "}
          {config ? <Label color="blue">{t("hardware.next")}</Label> : null}
        </Td>
        <Td isActionCell>
          <PromptButton
            title={t("hardware.remove", { name })}
            action={{ operation: "domain.detachDevice", input }}
            confirm={t("action.remove")}
            isDanger
            name={name}
          >
            <p>{t(live ? "hardware.removeLive" : "hardware.removeNext")}</p>
            <pre className="vireo-mono">{xml}</pre>
          </PromptButton>
        </Td>
      </Tr>
      {open ? (
        <Tr>
          <Td colSpan={4}>
            <Edit key={xml} domain={domain} device={device} />
          </Td>
        </Tr>
      ) : null}
    </>
  );
}

function Add({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const [xml, setXml] = useState("");
  const act = useAct();
  const input = {
    domain: { uuid: domain.uuid },
    xml,
    ...(domain.id === undefined ? {} : { live: true }),
    ...(domain.persistent ? { config: true } : {}),
  };
  const action: Action = { operation: "domain.attachDevice", input };
  return (
    <ExpandableSection toggleText={t("hardware.add")} isIndented>
      <div className="vireo-stack vireo-form">
        <TextArea
          aria-label={t("hardware.addXml")}
          placeholder={EXAMPLE}
          className="vireo-mono"
          value={xml}
          rows={6}
          onChange={(_event, typed) => setXml(typed)}
        />
        <Fault error={act.error} />
        <div className="vireo-line">
          <Button
            isDisabled={xml.trim() === ""}
            isLoading={act.isPending}
            onClick={() => act.mutate(action, { onSuccess: () => setXml("") })}
          >
            {t("action.add")}
          </Button>
          <Equivalents action={action} />
        </div>
      </div>
    </ExpandableSection>
  );
}

/** Each device, whether it is there now, and whether it will be after the next start. */
export function Hardware({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const about = { domain: { uuid: domain.uuid } };
  const now = useAsk(["domain", "xml"], about);
  const later = useAsk(["domain", "xml"], { ...about, inactive: true });
  const devices = devicesIn(domain.id === undefined ? "" : (now.data ?? ""), later.data ?? "");
  return (
    <>
      <Fault error={now.error ?? later.error} />
      {readOnly ? null : <Add domain={domain} />}
      <DataTable
        label={t("domain.hardware")}
        columns={[
          t("hardware.kind"),
          t("hardware.device"),
          t("hardware.there"),
          hidden(t("list.actions")),
        ]}
      >
        {devices.map((device) => (
          <DeviceRow key={device.key} domain={domain} device={device} />
        ))}
      </DataTable>
    </>
  );
}
