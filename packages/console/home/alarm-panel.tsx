import { Alert } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { percentText } from "../data/bytes.ts";
import type { Alarm } from "./alarms.ts";

interface WhereProps {
  readonly alarm: Alarm;
  readonly children: ReactNode;
}

/** Leads to where one can do something about it. */
function Where({ alarm, children }: WhereProps): ReactElement {
  const { on, name, kind } = alarm;
  if (on === "domain") {
    const tab = kind === "steal" ? "performance" : "overview";
    return (
      <Link to="/domains/$name" params={{ name }} search={{ tab }}>
        {children}
      </Link>
    );
  }
  if (on === "pool")
    return (
      <Link to="/storage/$pool" params={{ pool: name }}>
        {children}
      </Link>
    );
  return <Link to={on === "images" ? "/images" : "/host"}>{children}</Link>;
}

const valueText = ({ kind, value = 0 }: Alarm): string =>
  kind === "quarantine" ? String(value) : percentText(value);

/** The verdict, and what speaks against it. */
export function AlarmPanel({ alarms }: { readonly alarms: readonly Alarm[] }): ReactElement {
  const { t } = useTranslation();
  if (alarms.length === 0) return <Alert isInline variant="success" title={t("home.healthy")} />;
  return (
    <section aria-label={t("home.alarms")} className="vireo-stack">
      {alarms.map((alarm) => (
        <Alert
          key={`${alarm.kind} ${alarm.name}`}
          isInline
          variant={alarm.severity}
          title={
            <Where alarm={alarm}>
              {t(`alarm.${alarm.kind}`, { name: alarm.name, value: valueText(alarm) })}
            </Where>
          }
        />
      ))}
    </section>
  );
}
