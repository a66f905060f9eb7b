import {
  Card,
  CardBody,
  CardTitle,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Gallery,
  PageSection,
  Title,
} from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import { useContext, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { kibText, percentText } from "../data/bytes.ts";
import { EventLogContext } from "../data/event-log.ts";
import { useAsk } from "../data/operation.ts";
import { useUsage } from "../data/usage.ts";
import { Fault } from "../part/fault.tsx";

const TOP = 5;
const SHOWN = 10;

function Counts(): ReactElement {
  const { t } = useTranslation();
  const { data: domains = [], error } = useAsk(["domain", "list"], {});
  const counts = (["running", "paused", "shutoff", "crashed"] as const).map((state) => ({
    state,
    count: domains.filter((one) => one.state === state).length,
  }));
  return (
    <Card>
      <CardTitle component="h2">{t("nav.domains")}</CardTitle>
      <CardBody>
        <Fault error={error} />
        <DescriptionList isHorizontal isCompact>
          {counts.map(({ state, count }) => (
            <DescriptionListGroup key={state}>
              <DescriptionListTerm>{t(`state.${state}`)}</DescriptionListTerm>
              <DescriptionListDescription>
                <Link to="/domains" search={{ state }}>
                  {count}
                </Link>
              </DescriptionListDescription>
            </DescriptionListGroup>
          ))}
        </DescriptionList>
      </CardBody>
    </Card>
  );
}

function Busiest(): ReactElement {
  const { t } = useTranslation();
  const usage = useUsage();
  const top = [...usage]
    .map(([name, { cpu, steal }]) => ({ name, cpu: cpu.at(-1) ?? 0, steal: steal.at(-1) ?? 0 }))
    .toSorted((a, b) => b.cpu - a.cpu)
    .slice(0, TOP);
  return (
    <Card>
      <CardTitle component="h2">{t("home.top")}</CardTitle>
      <CardBody>
        {top.length === 0 ? t("home.none") : null}
        {top.map(({ name, cpu, steal }) => (
          <div key={name}>
            <Link to="/domains/$name" params={{ name }}>
              {name}
            </Link>{" "}
            {percentText(cpu)} (steal {percentText(steal)})
          </div>
        ))}
      </CardBody>
    </Card>
  );
}

function HostMemory(): ReactElement {
  const { t } = useTranslation();
  const { data: info } = useAsk(["connect", "nodeInfo"], {});
  const { data: free } = useAsk(["connect", "freeMemory"], {}, { everyMs: 5000 });
  return (
    <Card>
      <CardTitle component="h2">{t("home.memory")}</CardTitle>
      <CardBody>
        {info === undefined || free === undefined
          ? "–"
          : `${kibText(free / 1024)} / ${kibText(info.memoryKiB)}`}
      </CardBody>
    </Card>
  );
}

function Changes(): ReactElement {
  const { t } = useTranslation();
  const log = useContext(EventLogContext);
  return (
    <Card>
      <CardTitle component="h2">{t("home.events")}</CardTitle>
      <CardBody>
        {log.length === 0 ? t("home.nothing") : null}
        {log.slice(0, SHOWN).map(({ id, at, noun, event }) => (
          <div key={id}>
            {new Date(at).toLocaleTimeString()} {noun} {event.kind} {String(event["event"] ?? "")}
          </div>
        ))}
      </CardBody>
    </Card>
  );
}

export function Home(): ReactElement {
  const { t } = useTranslation();
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t("nav.home")}</Title>
      <Gallery hasGutter minWidths={{ default: "280px" }}>
        <Counts />
        <Busiest />
        <HostMemory />
        <Changes />
      </Gallery>
    </PageSection>
  );
}
