import { EmptyState, Label, PageSection, Title } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Fault } from "../part/fault.tsx";

interface Job {
  readonly id: string;
  readonly operation: string;
  readonly by: string;
  readonly subject: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly error?: { readonly detail: string };
}

const COLOURS = { running: "blue", done: "green", failed: "red", cancelled: "grey" } as const;

async function askJobs(): Promise<readonly Job[]> {
  const response = await fetch("/v1/jobs");
  if (!response.ok) throw new Error(await response.text());
  const { items } = (await response.json()) as { items: Job[] }; // the daemon's own
  return items.toReversed();
}

/** What takes long: running, done and failed. */
export function Jobs(): ReactElement {
  const { t } = useTranslation();
  const { data: jobs = [], error } = useQuery({ queryKey: ["job"], queryFn: askJobs });
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t("nav.jobs")}</Title>
      <Fault error={error} />
      {jobs.length === 0 ? <EmptyState titleText={t("jobs.none")} headingLevel="h2" /> : null}
      <Table aria-label={t("nav.jobs")} variant="compact">
        <Thead>
          <Tr>
            <Th>{t("jobs.operation")}</Th>
            <Th>{t("jobs.subject")}</Th>
            <Th>{t("list.state")}</Th>
            <Th>{t("jobs.by")}</Th>
            <Th>{t("jobs.started")}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {jobs.map(({ id, operation, subject, state, by, startedAt, error: fault }) => (
            <Tr key={id}>
              <Td>{operation}</Td>
              <Td className="vireo-mono">{subject}</Td>
              <Td>
                <Label color={COLOURS[state]} isCompact>
                  {t(`jobs.${state}`)}
                </Label>{" "}
                {fault?.detail}
              </Td>
              <Td>{by}</Td>
              <Td>{new Date(startedAt).toLocaleString()}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </PageSection>
  );
}
