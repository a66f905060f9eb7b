import { Alert } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { kibText } from "../data/bytes.ts";
import { useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { ActButton } from "../part/act-button.tsx";
import { Facts, Panel, type Fact } from "../part/facts.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { GuestAddresses } from "./guest-addresses.tsx";
import { useReason } from "./reason.ts";
import { Tags } from "./tags.tsx";

/** What the next start will make different, and what the daemon wants to be known. */
function Notices({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const about = { domain: { uuid: domain.uuid } };
  const { data: updated = false } = useAsk(["domain", "isUpdated"], about);
  const { data: messages = [] } = useAsk(["domain", "messages"], about);
  return (
    <>
      {updated ? (
        <Alert isInline variant="info" title={t("domain.updated")}>
          <Link to="/domains/$name" params={{ name: domain.name }} search={{ tab: "history" }}>
            {t("domain.history")}
          </Link>
        </Alert>
      ) : null}
      {messages.map((one) => (
        <Alert key={one} isInline variant="warning" title={one} />
      ))}
    </>
  );
}

function Autostart({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { autostart, uuid, persistent } = domain;
  return (
    <span className="vireo-line">
      {t(autostart ? "answer.yes" : "answer.no")}
      {persistent ? (
        <ActButton
          action={{
            operation: "domain.setAutostart",
            input: { domain: { uuid }, autostart: !autostart },
          }}
          label={t(autostart ? "domain.autostartOff" : "domain.autostartOn")}
        />
      ) : null}
    </span>
  );
}

/** The facts of a domain at a glance. */
export function Overview({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { readOnly } = useSession();
  const about = { domain: { uuid: domain.uuid } };
  const { data: info, error } = useAsk(["domain", "info"], about, { everyMs: 5000 });
  const reason = useReason(domain);
  const facts: readonly Fact[] = [
    [t("list.state"), `${t(`state.${domain.state}`)} (${reason})`],
    [
      "UUID",
      <span key="uuid" className="vireo-code">
        {domain.uuid}
      </span>,
    ],
    [t("list.id"), domain.id ?? "–"],
    [t("list.vcpus"), info?.vcpus ?? "–"],
    [
      t("list.memory"),
      info === undefined
        ? "–"
        : t("domain.memoryOf", { now: kibText(info.memoryKiB), max: kibText(info.maxMemoryKiB) }),
    ],
    [t("list.persistent"), t(domain.persistent ? "answer.yes" : "answer.no")],
    [t("list.autostart"), <Autostart key="autostart" domain={domain} />],
    [t("domain.snapshots"), domain.snapshots],
    [t("domain.managedSave"), t(domain.managedSave ? "answer.yes" : "answer.no")],
  ];
  return (
    <>
      <Notices domain={domain} />
      <div className="vireo-halves">
        <Panel title={t("domain.facts")} error={error}>
          <Facts facts={facts} />
        </Panel>
        <div className="vireo-stack">
          <Panel title={t("list.tags")}>
            <Tags
              key={domain.tags.join()}
              domain={domain}
              isFixed={readOnly || !domain.persistent}
            />
          </Panel>
          {domain.id === undefined ? null : (
            <Panel title={t("domain.addresses")}>
              <GuestAddresses uuid={domain.uuid} />
            </Panel>
          )}
        </div>
      </div>
    </>
  );
}
