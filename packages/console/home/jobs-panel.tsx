import { Label } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { JOB_COLOURS, useJobs } from "../data/jobs.ts";
import { Panel } from "../part/facts.tsx";

const SHOWN = 5;

/** What takes long, as far as it runs or has failed. */
export function JobsPanel(): ReactElement {
  const { t } = useTranslation();
  const { data: jobs = [], error } = useJobs();
  const told = jobs.filter(({ state }) => state !== "done").slice(0, SHOWN);
  return (
    <Panel title={t("nav.jobs")} error={error}>
      {told.length === 0 ? <p className="vireo-quiet">{t("home.noJobs")}</p> : null}
      <ul className="vireo-plain">
        {told.map(({ id, operation, subject, state }) => (
          <li key={id} className="vireo-line">
            <Label isCompact color={JOB_COLOURS[state]}>
              {t(`jobs.${state}`)}
            </Label>
            <Link to="/jobs">{operation}</Link> {subject}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
