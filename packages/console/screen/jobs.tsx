import { Button, EmptyState, Label } from "@patternfly/react-core";
import { Td, Tr } from "@patternfly/react-table";
import { useMutation } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { percentText } from "../data/bytes.ts";
import type { JobState } from "@vireo/sdk/http/job";
import { JOB_COLOURS, useJobs } from "../data/jobs.ts";
import { useSession } from "../data/session-context.ts";
import { timeText } from "../data/time-text.ts";
import { DataTable, hidden } from "../part/data-table.tsx";
import { Fault } from "../part/fault.tsx";
import { Meter } from "../part/meter.tsx";
import { Screen } from "../part/screen.tsx";

interface CancelProps {
  readonly id: string;
  readonly operation: string;
}

/** What it has made goes away again, as far as the operation can. */
function Cancel({ id, operation }: CancelProps): ReactElement {
  const { t } = useTranslation();
  const { client } = useSession();
  const { mutate, isPending, error } = useMutation({ mutationFn: () => client.job(id).cancel() });
  return (
    <>
      <Button
        variant="secondary"
        size="sm"
        isLoading={isPending}
        aria-label={t("action.of", { action: t("action.cancel"), name: operation })}
        onClick={() => mutate()}
      >
        {t("action.cancel")}
      </Button>
      <Fault error={error} />
    </>
  );
}

function JobRow({ job }: { readonly job: JobState }): ReactElement {
  const { t } = useTranslation();
  const { id, operation, subject, state, by, startedAt, endedAt, progress, error } = job;
  return (
    <Tr>
      <Td dataLabel={t("jobs.operation")}>{operation}</Td>
      <Td dataLabel={t("jobs.subject")}>
        <span className="vireo-code">{subject}</span>
      </Td>
      <Td dataLabel={t("list.state")}>
        <Label color={JOB_COLOURS[state]} isCompact>
          {t(`jobs.${state}`)}
        </Label>
        {progress === undefined || state !== "running" || progress.total === 0 ? null : (
          <Meter
            label={operation}
            part={progress.done / progress.total}
            text={percentText(progress.done / progress.total)}
          />
        )}
        <Fault error={error?.detail} />
      </Td>
      <Td dataLabel={t("jobs.by")}>{by}</Td>
      <Td dataLabel={t("jobs.started")}>{timeText(startedAt)}</Td>
      <Td dataLabel={t("jobs.ended")}>{endedAt === undefined ? "–" : timeText(endedAt)}</Td>
      <Td isActionCell>{state === "running" ? <Cancel id={id} operation={operation} /> : null}</Td>
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
    hidden(t("list.actions")),
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
