import { EmptyState, Label } from "@patternfly/react-core";
import { Td, Tr } from "@patternfly/react-table";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { JOB_COLOURS, useJobs, type Job } from "../data/jobs.ts";
import { timeText } from "../data/time-text.ts";
import { DataTable } from "../part/data-table.tsx";
import { Fault } from "../part/fault.tsx";
import { Screen } from "../part/screen.tsx";

function JobRow({ job }: { readonly job: Job }): ReactElement {
  const { t } = useTranslation();
  const { operation, subject, state, by, startedAt, endedAt, error } = job;
  return (
    <Tr>
      <Td dataLabel={t("jobs.operation")}>{operation}</Td>
      <Td dataLabel={t("jobs.subject")} className="vireo-mono">
        {subject}
      </Td>
      <Td dataLabel={t("list.state")}>
        <Label color={JOB_COLOURS[state]} isCompact>
          {t(`jobs.${state}`)}
        </Label>
        <Fault error={error?.detail} />
      </Td>
      <Td dataLabel={t("jobs.by")}>{by}</Td>
      <Td dataLabel={t("jobs.started")}>{timeText(startedAt)}</Td>
      <Td dataLabel={t("jobs.ended")}>{endedAt === undefined ? "–" : timeText(endedAt)}</Td>
    </Tr>
  );
}

/** What takes long: running, done and failed. */
export function Jobs(): ReactElement {
  const { t } = useTranslation();
  const { data: jobs = [], error } = useJobs();
  const columns = [
    t("jobs.operation"),
    t("jobs.subject"),
    t("list.state"),
    t("jobs.by"),
    t("jobs.started"),
    t("jobs.ended"),
  ];
  return (
    <Screen title={t("nav.jobs")} about={t("jobs.about")}>
      <Fault error={error} />
      {jobs.length === 0 ? (
        <EmptyState titleText={t("jobs.none")} headingLevel="h2" />
      ) : (
        <DataTable label={t("nav.jobs")} columns={columns}>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </DataTable>
      )}
    </Screen>
  );
}
