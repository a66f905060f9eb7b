import {
  Bullseye,
  EmptyState,
  PageSection,
  Spinner,
  Tab,
  Tabs,
  TabTitleText,
} from "@patternfly/react-core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import type { DomainTabProps } from "../domain/domain-tab.ts";
import { LifeButtons } from "../domain/life-buttons.tsx";
import { Fault } from "../part/fault.tsx";
import { Screen } from "../part/screen.tsx";
import { StateLabel } from "../part/state-label.tsx";
import { TagLabels } from "../part/tag-labels.tsx";

// each is loaded when it is looked at: terminals, screens and plots are large
const TABS = {
  overview: lazy(async () => ({ default: (await import("../domain/overview.tsx")).Overview })),
  console: lazy(async () => ({ default: (await import("../domain/screen-tab.tsx")).ScreenTab })),
  serial: lazy(async () => ({ default: (await import("../domain/serial-tab.tsx")).SerialTab })),
  performance: lazy(async () => ({
    default: (await import("../domain/performance.tsx")).Performance,
  })),
  cpu: lazy(async () => ({ default: (await import("../domain/cpu-tab.tsx")).CpuTab })),
  hardware: lazy(async () => ({ default: (await import("../domain/hardware.tsx")).Hardware })),
  disks: lazy(async () => ({ default: (await import("../domain/disks-tab.tsx")).DisksTab })),
  network: lazy(async () => ({ default: (await import("../domain/nics-tab.tsx")).NicsTab })),
  snapshots: lazy(async () => ({
    default: (await import("../domain/snapshots-tab.tsx")).SnapshotsTab,
  })),
  xml: lazy(async () => ({ default: (await import("../domain/xml-tab.tsx")).XmlTab })),
  explain: lazy(async () => ({ default: (await import("../domain/explain-tab.tsx")).ExplainTab })),
  history: lazy(async () => ({ default: (await import("../domain/history-tab.tsx")).HistoryTab })),
} as const;

export type DomainTab = keyof typeof TABS;
const NAMES = Object.keys(TABS) as DomainTab[]; // its own keys

export const isDomainTab = (word: unknown): word is DomainTab =>
  typeof word === "string" && Object.hasOwn(TABS, word);

const panelOf = (tab: DomainTab): string => `panel-${tab}`;

function Body({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const { tab = "overview" } = useSearch({ from: "/domains/$name" });
  const navigate = useNavigate({ from: "/domains/$name" });
  const Shown = TABS[tab];
  return (
    <>
      <Tabs
        activeKey={tab}
        aria-label={domain.name}
        onSelect={(_event, key) => {
          if (isDomainTab(key)) void navigate({ search: { tab: key } });
        }}
      >
        {NAMES.map((name) => (
          <Tab
            key={name}
            eventKey={name}
            tabContentId={panelOf(name)}
            title={<TabTitleText>{t(`domain.${name}`)}</TabTitleText>}
            aria-label={t(`domain.${name}`)}
          />
        ))}
      </Tabs>
      <section
        id={panelOf(tab)}
        role="tabpanel"
        aria-label={t(`domain.${tab}`)}
        className="vireo-panel"
      >
        <Suspense fallback={<Waiting />}>
          <Shown key={domain.uuid} domain={domain} />
        </Suspense>
      </section>
    </>
  );
}

function Waiting(): ReactElement {
  const { t } = useTranslation();
  return (
    <Bullseye>
      <Spinner aria-label={t("app.waiting")} />
    </Bullseye>
  );
}

export function DomainScreen(): ReactElement {
  const { t } = useTranslation();
  const { name } = useParams({ from: "/domains/$name" });
  const { data: domains, error } = useAsk(["domain", "list"], {});
  const domain = domains?.find((one) => one.name === name);
  if (domain !== undefined)
    return (
      <Screen
        title={domain.name}
        above={{ to: "/domains", label: t("nav.domains") }}
        badge={
          <>
            <StateLabel state={domain.state} />
            {domain.title}
            <TagLabels tags={domain.tags} />
          </>
        }
        actions={<LifeButtons name={domain.name} uuid={domain.uuid} state={domain.state} />}
      >
        <Body domain={domain} />
      </Screen>
    );
  if (domains === undefined && error === null) return <Waiting />;
  return (
    <PageSection>
      <Fault error={error} />
      <EmptyState titleText={t("domain.gone", { name })} headingLevel="h1" />
    </PageSection>
  );
}
