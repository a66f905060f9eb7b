import { Checkbox } from "@patternfly/react-core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useRef, type Dispatch, type ReactElement, type SetStateAction } from "react";
import { useTranslation } from "react-i18next";
import { useUsage } from "../data/usage.ts";
import type { DomainSummary } from "../domain/domain-tab.ts";
import { DomainRow } from "./domain-row.tsx";

const ROW = 44;
const OVERSCAN = 12;

export interface Selection {
  readonly uuids: ReadonlySet<string>;
  readonly set: Dispatch<SetStateAction<ReadonlySet<string>>>;
}

interface RowsProps {
  readonly shown: readonly DomainSummary[];
  readonly selection: Selection;
}

function Head({ shown, selection }: RowsProps): ReactElement {
  const { t } = useTranslation();
  const all = shown.length > 0 && shown.every(({ uuid }) => selection.uuids.has(uuid));
  return (
    <div className="vireo-head" role="row" aria-rowindex={1}>
      <span role="columnheader">
        <Checkbox
          id="select-all"
          aria-label={t("list.selectAll")}
          isChecked={all}
          onChange={() => selection.set(new Set(all ? [] : shown.map(({ uuid }) => uuid)))}
        />
      </span>
      <span role="columnheader">{t("list.name")}</span>
      <span role="columnheader">{t("list.state")}</span>
      {(["tags", "id", "memory", "cpu", "steal"] as const).map((column) => (
        <span key={column} role="columnheader" className="vireo-wide">
          {t(`list.${column}`)}
        </span>
      ))}
      <span role="columnheader" className="vireo-life">
        {t("list.actions")}
      </span>
    </div>
  );
}

/** Only the rows in sight are in the page: a thousand scroll as ten do. */
export function DomainRows({ shown, selection }: RowsProps): ReactElement {
  const { t } = useTranslation();
  const usage = useUsage();
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: OVERSCAN,
  });
  const { set } = selection;
  const choose = useCallback(
    (uuid: string, selected: boolean): void =>
      set((before) => {
        const next = new Set(before);
        if (selected) next.add(uuid);
        else next.delete(uuid);
        return next;
      }),
    [set],
  );
  return (
    <div
      role="table"
      aria-label={t("nav.domains")}
      aria-rowcount={shown.length + 1}
      className="vireo-list"
    >
      <Head shown={shown} selection={selection} />
      <div
        ref={box}
        className="vireo-rows"
        role="rowgroup"
        tabIndex={0}
        aria-label={t("nav.domains")}
      >
        <div role="presentation" style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const domain = shown[index];
            return domain === undefined ? null : (
              <DomainRow
                key={domain.uuid}
                domain={domain}
                usage={usage.get(domain.name)}
                top={start}
                index={index + 2}
                selected={selection.uuids.has(domain.uuid)}
                onSelect={choose}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
