import { EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { useSearch } from "@tanstack/react-router";
import { useMemo, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { BulkBar } from "../list/bulk-bar.tsx";
import { DomainRows } from "../list/domain-rows.tsx";
import { Filters } from "../list/filters.tsx";
import { allTags, fits } from "../list/list-filter.ts";
import { CreateButton } from "../part/create-button.tsx";
import { Fault } from "../part/fault.tsx";
import { Screen } from "../part/screen.tsx";

export function DomainList(): ReactElement {
  const { t } = useTranslation();
  const { data: domains = [], error, isPending } = useAsk(["domain", "list"], {});
  const filter = useSearch({ from: "/domains" });
  const [uuids, set] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(
    () => domains.filter(fits(filter)).toSorted((a, b) => a.name.localeCompare(b.name)),
    [domains, filter],
  );
  const tags = useMemo(() => allTags(domains), [domains]);
  return (
    <Screen title={t("nav.domains")} actions={<CreateButton />}>
      <div className="vireo-line">
        <Filters tags={tags} />
        <span role="status">{t("list.count", { count: shown.length })}</span>
      </div>
      {uuids.size > 0 ? <BulkBar chosen={domains.filter(({ uuid }) => uuids.has(uuid))} /> : null}
      <Fault error={error} />
      {shown.length > 0 || isPending ? (
        <DomainRows shown={shown} selection={{ uuids, set }} />
      ) : (
        <EmptyState
          titleText={t(domains.length === 0 ? "list.empty" : "list.none")}
          headingLevel="h2"
        >
          <EmptyStateBody>{domains.length === 0 ? t("list.emptyHint") : null}</EmptyStateBody>
        </EmptyState>
      )}
    </Screen>
  );
}
