import "uplot/dist/uPlot.min.css";
import { Card, CardBody, CardTitle, EmptyState, Gallery } from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useUsage } from "../data/usage.ts";
import { Plot } from "../part/plot.tsx";
import type { DomainTabProps } from "./domain-tab.ts";

/** What the guest uses, and what it had to wait for. */
export function Performance({ domain }: DomainTabProps): ReactElement {
  const { t } = useTranslation();
  const usage = useUsage(domain.id !== undefined).get(domain.name);
  if (domain.id === undefined) return <EmptyState titleText={t("domain.off")} headingLevel="h2" />;
  return (
    <Gallery hasGutter minWidths={{ default: "min(100%, 420px)" }} className="pf-v6-u-mt-md">
      <Card>
        <CardTitle component="h2">{t("list.cpu")}</CardTitle>
        <CardBody>
          <Plot
            label={t("list.cpu")}
            max={1}
            lines={[
              { label: t("list.cpu"), values: usage?.cpu ?? [], colour: "#0066cc" },
              { label: "steal", values: usage?.steal ?? [], colour: "#c9190b" },
            ]}
          />
        </CardBody>
      </Card>
    </Gallery>
  );
}
