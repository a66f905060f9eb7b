import { Alert, Button, Label, TextArea } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAct, useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { Equivalents } from "../part/equivalents.tsx";
import { Fault } from "../part/fault.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { devicesIn, type ShownDevice } from "./devices.ts";

interface DeviceRowProps extends DomainTabProps {
  readonly device: ShownDevice;
}

function DeviceRow({ domain, device }: DeviceRowProps): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const [open, setOpen] = useState(false);
  const act = useAct();
  const input = {
    domain: { uuid: domain.uuid },
    xml: device.xml,
    ...(device.live ? { live: true } : {}),
    ...(device.config ? { config: true } : {}),
  };
  return (
    <Tr>
      <Td>{device.kind}</Td>
      <Td>
        <Button variant="link" isInline aria-expanded={open} onClick={() => setOpen(!open)}>
          {device.name}
        </Button>
        {open ? <pre className="vireo-mono">{device.xml}</pre> : null}
        <Fault error={act.error} />
      </Td>
      <Td>
        {device.live ? <Label color="green">{t("xml.live")}</Label> : null}{" "}
        {device.config ? <Label color="blue">{t("xml.next")}</Label> : null}
      </Td>
      <Td>
        <Equivalents action={{ operation: "domain.detachDevice", input }} />{" "}
        <Button
          variant="secondary"
          size="sm"
          isDanger
          isDisabled={readOnly || act.isPending}
          onClick={() => act.mutate({ operation: "domain.detachDevice", input })}
        >
          {t("action.remove")}
        </Button>
      </Td>
    </Tr>
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
  return (
    <Alert isInline variant="custom" title={t("action.add")}>
      <TextArea
        aria-label={`${t("action.add")}: XML`}
        placeholder="<disk type='file' device='disk'> … </disk>"
        value={xml}
        rows={6}
        onChange={(_event, typed) => setXml(typed)}
      />
      <Fault error={act.error} />
      <Button
        isDisabled={xml.trim() === ""}
        isLoading={act.isPending}
        onClick={() =>
          act.mutate({ operation: "domain.attachDevice", input }, { onSuccess: () => setXml("") })
        }
      >
        {t("action.add")}
      </Button>{" "}
      <Equivalents action={{ operation: "domain.attachDevice", input }} />
    </Alert>
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
      <Table variant="compact" aria-label={t("domain.hardware")}>
        <Thead>
          <Tr>
            <Th>Kind</Th>
            <Th>Device</Th>
            <Th>There</Th>
            <Th screenReaderText={t("list.actions")} />
          </Tr>
        </Thead>
        <Tbody>
          {devices.map((device) => (
            <DeviceRow key={device.key} domain={domain} device={device} />
          ))}
        </Tbody>
      </Table>
      {readOnly ? null : <Add domain={domain} />}
    </>
  );
}
