import { EmptyState, Label } from "@patternfly/react-core";
import { Td, Tr } from "@patternfly/react-table";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useContext, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { aboutOf, wordsOf } from "../data/event-about.ts";
import { EventLogContext } from "../data/event-log.ts";
import { useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { timeText } from "../data/time-text.ts";
import { DataTable } from "../part/data-table.tsx";
import { Diff } from "../part/diff.tsx";
import { Panel } from "../part/facts.tsx";
import { Fault } from "../part/fault.tsx";
import { PromptButton } from "../part/prompt-button.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { Planned } from "./planned.tsx";

interface RevisionProps extends DomainTabProps {
  readonly at: number;
  /** The revision that followed. */
  readonly next: number | undefined;
}

function useRevision({ domain }: DomainTabProps, at: number | undefined) {
  const { readOnly } = useSession();
  return useAsk(
    ["domain", "historyXml"],
    { domain: { uuid: domain.uuid }, at: at ?? 0, ...(readOnly ? {} : { secure: true }) },
    { enabled: at !== undefined },
  );
}

/** Going back is a change as any other: planned, applied, and itself a revision. */
function Revert({
  domain,
  xml,
  at,
}: DomainTabProps & { readonly xml: string; readonly at: number }): ReactElement {
  const { t } = useTranslation();
  const { client } = useSession();
  const input = { domain: { uuid: domain.uuid }, xml };
  const { data: plan, error } = useQuery({
    queryKey: ["domain", "plan", input],
    queryFn: () => client.domain.plan(input),
  });
  return (
    <>
      <Fault error={error} />
      {plan === undefined ? null : (
        <PromptButton
          title={t("history.revert", { when: timeText(at) })}
          action={{ operation: "domain.apply", input }}
          confirm={t("history.revertDo")}
          isDanger
          name={domain.name}
        >
          <p>{t("history.revertWhat")}</p>
          <Planned plan={plan} />
        </PromptButton>
      )}
    </>
  );
}

function Revision({ domain, at, next }: RevisionProps): ReactElement {
  const { t } = useTranslation();
  const { data: xml, error } = useRevision({ domain }, at);
  const after = useRevision({ domain }, next);
  return (
    <Panel title={t("history.asItWas", { when: timeText(at) })} error={error ?? after.error}>
      <div className="vireo-stack">
        {xml === undefined || next === undefined ? null : (
          <>
            <div>
              <Revert domain={domain} xml={xml} at={at} />
            </div>
            <h3>{t("history.changedBy", { when: timeText(next) })}</h3>
            <Diff old={xml} now={after.data ?? xml} label={t("history.diff")} />
          </>
        )}
        <details>
          <summary>XML</summary>
          <pre className="vireo-mono">{xml}</pre>
        </details>
      </div>
    </Panel>
  );
}

/** What happened to it lately. */
function Happened({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const events = useContext(EventLogContext).filter((event) => aboutOf(event) === domain.name);
  return (
    <Panel title={t("home.events")}>
      {events.length === 0 ? <p className="vireo-quiet">{t("home.nothing")}</p> : null}
      <ul className="vireo-plain">
        {events.map((event) => (
          <li key={event.id}>
            <span className="vireo-quiet">{timeText(event.at)}</span> {wordsOf(event)}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What the definition was, what each change did, and the way back. */
export function HistoryTab({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { at: chosen } = useSearch({ from: "/domains/$name" });
  const {
    data: revisions = [],
    error,
    isPending,
  } = useAsk(["domain", "history"], {
    domain: { uuid: domain.uuid },
  });
  const place = revisions.findIndex(({ at }) => at === chosen);
  return (
    <div className="vireo-stack">
      <Fault error={error} />
      {revisions.length === 0 && !isPending && error === null ? (
        <EmptyState titleText={t("history.none")} headingLevel="h2" />
      ) : (
        <DataTable
          label={t("history.revisions")}
          columns={[t("history.saved"), t("history.by"), t("history.which")]}
        >
          {revisions.map(({ at, current, by = "–", operation = "" }) => (
            <Tr key={at} isRowSelected={at === chosen}>
              <Td dataLabel={t("history.saved")}>
                <Link
                  to="/domains/$name"
                  params={{ name: domain.name }}
                  search={{ tab: "history", at }}
                >
                  {new Date(at).toLocaleString()}
                </Link>
              </Td>
              <Td dataLabel={t("history.by")}>
                {by} <code>{operation}</code>
              </Td>
              <Td dataLabel={t("history.which")}>
                {current ? (
                  <Label isCompact color="green">
                    {t("history.now")}
                  </Label>
                ) : (
                  "–"
                )}
              </Td>
            </Tr>
          ))}
        </DataTable>
      )}
      {chosen === undefined || place < 0 ? null : (
        <Revision
          key={chosen}
          domain={domain}
          at={chosen}
          next={place === 0 ? undefined : revisions[place - 1]?.at}
        />
      )}
      <Happened domain={domain} />
    </div>
  );
}
