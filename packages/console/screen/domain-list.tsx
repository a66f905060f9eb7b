import {
  Button,
  Checkbox,
  EmptyState,
  EmptyStateBody,
  FormSelect,
  FormSelectOption,
  PageSection,
  SearchInput,
  Title,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  memo,
  useCallback,
  useMemo,
  useRef,
  useState,
  type Dispatch,
  type ReactElement,
  type SetStateAction,
} from "react";
import { useTranslation } from "react-i18next";
import { DOMAIN_STATES } from "@vireo/model/operation/domain-value";
import type { OperationOutput } from "@vireo/model/operation/operations";
import { kibText, percentText } from "../data/bytes.ts";
import { useAct, useAsk } from "../data/operation.ts";
import { useUsage, type Usage } from "../data/usage.ts";
import { inputOf, possibleVerbs, type LifeVerb } from "../domain/life-actions.ts";
import { LifeButtons } from "../domain/life-buttons.tsx";
import { Fault } from "../part/fault.tsx";
import { Sparkline } from "../part/sparkline.tsx";
import { StateLabel } from "../part/state-label.tsx";

type Summary = OperationOutput<"domain", "list">[number];

/** Stands in the URL, so that a filtered list can be kept and sent. */
export interface ListFilter {
  readonly name?: string;
  readonly state?: string;
}

const ROW = 44;
const OVERSCAN = 12;

const fits =
  ({ name = "", state = "" }: ListFilter) =>
  (one: Summary): boolean =>
    one.name.toLowerCase().includes(name.toLowerCase()) && (state === "" || one.state === state);

interface RowProps {
  readonly domain: Summary;
  readonly usage: Usage | undefined;
  readonly top: number;
  readonly selected: boolean;
  readonly onSelect: (uuid: string, selected: boolean) => void;
}

/** Drawn again only when something of its own has changed: scrolling moves rows and draws new ones. */
const Row = memo(function Row({ domain, usage, top, selected, onSelect }: RowProps): ReactElement {
  const { t } = useTranslation();
  const { name, uuid, id, state, autostart } = domain;
  const cpu = usage?.cpu.at(-1);
  return (
    <div
      className="vireo-row"
      role="row"
      style={{ position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${top}px)` }}
    >
      <span role="cell">
        <Checkbox
          id={`select-${uuid}`}
          aria-label={t("list.select", { name })}
          isChecked={selected}
          onChange={(_event, checked) => onSelect(uuid, checked)}
        />
      </span>
      <span role="cell">
        <Link to="/domains/$name" params={{ name }}>
          {name}
        </Link>
      </span>
      <span role="cell">
        <StateLabel state={state} />
      </span>
      <span role="cell" className="vireo-wide">
        {id ?? "–"}
      </span>
      <span role="cell" className="vireo-wide">
        {autostart ? "✓" : "–"}
      </span>
      <span role="cell" className="vireo-wide">
        {usage === undefined ? "–" : kibText(usage.memoryKiB)}
      </span>
      <span role="cell" className="vireo-wide">
        {usage === undefined ? (
          "–"
        ) : (
          <Sparkline
            values={usage.cpu}
            max={1}
            label={`${t("list.cpu")}: ${percentText(cpu ?? 0)}`}
          />
        )}
      </span>
      <span role="cell">
        <LifeButtons name={name} uuid={uuid} state={state} />
      </span>
    </div>
  );
});

interface Selection {
  readonly uuids: ReadonlySet<string>;
  readonly set: Dispatch<SetStateAction<ReadonlySet<string>>>;
}

function Head({
  shown,
  selection,
}: {
  readonly shown: readonly Summary[];
  readonly selection: Selection;
}): ReactElement {
  const { t } = useTranslation();
  const all = shown.length > 0 && shown.every(({ uuid }) => selection.uuids.has(uuid));
  return (
    <div className="vireo-head" role="row">
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
      {(["id", "autostart", "memory", "cpu"] as const).map((column) => (
        <span key={column} role="columnheader" className="vireo-wide">
          {t(`list.${column}`)}
        </span>
      ))}
      <span role="columnheader">{t("list.actions")}</span>
    </div>
  );
}

/** Only the rows in sight are in the page: a thousand scroll as ten do. */
function Rows({
  shown,
  selection,
}: {
  readonly shown: readonly Summary[];
  readonly selection: Selection;
}): ReactElement {
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
      aria-rowcount={shown.length}
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
              <Row
                key={domain.uuid}
                domain={domain}
                usage={usage.get(domain.name)}
                top={start}
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

const BULK: readonly LifeVerb[] = ["start", "shutdown", "suspend", "resume"];

/** The same for all that are selected and can; each error belongs to its own domain. */
function Bulk({
  domains,
  selection,
}: {
  readonly domains: readonly Summary[];
  readonly selection: Selection;
}): ReactElement {
  const { t } = useTranslation();
  const { mutateAsync } = useAct();
  const [faults, setFaults] = useState<readonly string[]>([]);
  const chosen = domains.filter(({ uuid }) => selection.uuids.has(uuid));
  const run = async (verb: LifeVerb): Promise<void> => {
    const able = chosen.filter(({ state }) => possibleVerbs(state).includes(verb));
    const results = await Promise.allSettled(
      able.map(({ uuid }) =>
        mutateAsync({ operation: `domain.${verb}`, input: inputOf(verb, uuid) }),
      ),
    );
    setFaults(
      results.flatMap((result, at) =>
        result.status === "rejected" ? [`${able[at]?.name}: ${String(result.reason)}`] : [],
      ),
    );
  };
  return (
    <>
      <ToolbarItem>{t("list.selected", { count: chosen.length })}</ToolbarItem>
      {BULK.map((verb) => (
        <ToolbarItem key={verb}>
          <Button
            variant="secondary"
            size="sm"
            isDisabled={!chosen.some(({ state }) => possibleVerbs(state).includes(verb))}
            onClick={() => void run(verb)}
          >
            {t(`action.${verb}`)}
          </Button>
        </ToolbarItem>
      ))}
      {faults.length === 0 ? null : <Fault error={faults.join("\n")} />}
    </>
  );
}

function Filters(): ReactElement {
  const { t } = useTranslation();
  const filter = useSearch({ from: "/domains" });
  const navigate = useNavigate({ from: "/domains" });
  const change = (next: ListFilter): void =>
    void navigate({ search: { ...filter, ...next }, replace: true });
  return (
    <>
      <ToolbarItem>
        <SearchInput
          aria-label={t("list.filter")}
          placeholder={t("list.filter")}
          value={filter.name ?? ""}
          onChange={(_event, name) => change({ name })}
          onClear={() => change({ name: "" })}
        />
      </ToolbarItem>
      <ToolbarItem>
        <FormSelect
          aria-label={t("list.stateFilter")}
          value={filter.state ?? ""}
          onChange={(_event, state) => change({ state })}
        >
          <FormSelectOption value="" label={t("list.all")} />
          {DOMAIN_STATES.map((state) => (
            <FormSelectOption key={state} value={state} label={t(`state.${state}`)} />
          ))}
        </FormSelect>
      </ToolbarItem>
    </>
  );
}

export function DomainList(): ReactElement {
  const { t } = useTranslation();
  const { data: domains = [], error, isPending } = useAsk(["domain", "list"], {});
  const filter = useSearch({ from: "/domains" });
  const [uuids, set] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(
    () => domains.filter(fits(filter)).toSorted((a, b) => a.name.localeCompare(b.name)),
    [domains, filter],
  );
  const selection = { uuids, set };
  return (
    <PageSection isFilled className="vireo-list">
      <Title headingLevel="h1">{t("nav.domains")}</Title>
      <Toolbar>
        <ToolbarContent>
          <Filters />
          <ToolbarItem>{t("list.count", { count: shown.length })}</ToolbarItem>
          {uuids.size > 0 ? <Bulk domains={domains} selection={selection} /> : null}
        </ToolbarContent>
      </Toolbar>
      <Fault error={error} />
      {shown.length > 0 || isPending ? (
        <Rows shown={shown} selection={selection} />
      ) : (
        <EmptyState
          titleText={t(domains.length === 0 ? "list.empty" : "list.none")}
          headingLevel="h2"
        >
          <EmptyStateBody>{domains.length === 0 ? t("list.emptyHint") : null}</EmptyStateBody>
        </EmptyState>
      )}
    </PageSection>
  );
}
