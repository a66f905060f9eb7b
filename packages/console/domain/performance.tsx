import "uplot/dist/uPlot.min.css";
import { Alert, EmptyState } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { bytesText, percentText } from "../data/bytes.ts";
import { useGuestHistory, type Followed, type GuestHistory } from "../data/guest-history.ts";
import { useAsk } from "../data/operation.ts";
import { Panel } from "../part/facts.tsx";
import { Plot } from "../part/plot.tsx";
import type { DomainTabProps } from "./domain-tab.ts";
import { whySlow } from "./why-slow.ts";

interface Chart {
  readonly title: string;
  readonly lines: readonly Followed[];
  readonly text: (value: number) => string;
}

const perSecond = (bytes: number): string => `${bytesText(bytes)}/s`;

const CHARTS: readonly Chart[] = [
  { title: "list.cpu", lines: ["cpu", "steal", "wait"], text: percentText },
  { title: "list.memory", lines: ["memory", "resident", "unused"], text: bytesText },
  { title: "performance.disks", lines: ["read", "written"], text: perSecond },
  { title: "performance.nics", lines: ["received", "sent"], text: perSecond },
];
/** Nothing is told before the first look. */
const lastOf = (values: readonly number[], text: Chart["text"]): string => {
  const last = values.at(-1);
  return last === undefined ? "–" : text(last);
};
const COLOURS = ["#0066cc", "#c9190b", "#5ba352"];

function ChartCard({
  chart,
  history,
}: {
  readonly chart: Chart;
  readonly history: GuestHistory;
}): ReactElement {
  const { t } = useTranslation();
  const { title, lines, text } = chart;
  const shown = lines.map((line, at) => ({
    label: t(`performance.${line}`),
    values: history[line],
    colour: COLOURS[at] ?? "#666666",
  }));
  const max = Math.max(0.01, ...shown.flatMap(({ values }) => values)) * 1.1;
  return (
    <Panel title={t(title)}>
      <Plot label={t(title)} max={max} lines={shown} />
      <ul className="vireo-plain">
        {shown.map(({ label, values, colour }) => (
          <li key={label} className="vireo-line">
            <span className="vireo-key" style={{ background: colour }} />
            {t("performance.value", { label, value: lastOf(values, text) })}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Why({
  history,
  vcpus,
}: {
  readonly history: GuestHistory;
  readonly vcpus: number;
}): ReactElement {
  const { t } = useTranslation();
  if (history.cpu.length === 0)
    return <Alert isInline variant="info" title={t("performance.measuring")} />;
  const hints = whySlow(history, vcpus);
  if (hints.length === 0) return <Alert isInline variant="success" title={t("performance.calm")} />;
  return (
    <>
      {hints.map((hint) => (
        <Alert
          key={hint.kind}
          isInline
          variant="warning"
          title={t(`performance.why.${hint.kind}`, {
            value:
              "part" in hint
                ? percentText(hint.part)
                : "ms" in hint
                  ? t("performance.milliseconds", { value: Math.round(hint.ms) })
                  : Math.round(hint.perSecond),
          })}
        />
      ))}
    </>
  );
}

function Figures({ domain }: DomainTabProps): ReactElement {
  const history = useGuestHistory(domain.uuid);
  const { data: info } = useAsk(["domain", "info"], { domain: { uuid: domain.uuid } });
  return (
    <>
      <Why history={history} vcpus={info?.vcpus ?? 1} />
      <div className="vireo-halves">
        {CHARTS.map((chart) => (
          <ChartCard key={chart.title} chart={chart} history={history} />
        ))}
      </div>
    </>
  );
}

/** What the guest uses, what it had to wait for, and what probably holds it up. */
export function Performance({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  if (domain.id === undefined) return <EmptyState titleText={t("domain.off")} headingLevel="h2" />;
  return <Figures key={domain.id} domain={domain} />;
}
