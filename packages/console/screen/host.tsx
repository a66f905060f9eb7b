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
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { kibText } from "../data/bytes.ts";
import { useAsk } from "../data/operation.ts";
import { Fault } from "../part/fault.tsx";

type Facts = readonly (readonly [term: string, value: string | number])[];

function FactCard({
  title,
  facts,
  error,
}: {
  readonly title: string;
  readonly facts: Facts;
  readonly error?: unknown;
}): ReactElement {
  return (
    <Card>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>
        <Fault error={error} />
        <DescriptionList isHorizontal isCompact>
          {facts.map(([term, value]) => (
            <DescriptionListGroup key={term}>
              <DescriptionListTerm>{term}</DescriptionListTerm>
              <DescriptionListDescription>{value}</DescriptionListDescription>
            </DescriptionListGroup>
          ))}
        </DescriptionList>
      </CardBody>
    </Card>
  );
}

function Machine(): ReactElement {
  const { t } = useTranslation();
  const { data: info, error } = useAsk(["connect", "nodeInfo"], {});
  const { data: name } = useAsk(["connect", "hostname"], {});
  const facts: Facts =
    info === undefined
      ? []
      : [
          [t("host.name"), name ?? "–"],
          [t("host.model"), info.model],
          [t("host.cpus"), info.cpus],
          [t("host.topology"), `${info.nodes} × ${info.sockets} × ${info.cores} × ${info.threads}`],
          [t("host.mhz"), info.mhz],
          [t("list.memory"), kibText(info.memoryKiB)],
        ];
  return <FactCard title={t("host.machine")} facts={facts} error={error} />;
}

function Memory(): ReactElement {
  const { t } = useTranslation();
  const { data = {}, error } = useAsk(["connect", "memoryStats"], {}, { everyMs: 5000 });
  const facts = Object.entries(data).map(([kind, kib]) => [kind, kibText(kib)] as const);
  return <FactCard title={t("list.memory")} facts={facts} error={error} />;
}

function SamePages(): ReactElement {
  const { t } = useTranslation();
  const { data = {}, error } = useAsk(["connect", "memoryParameters"], {}, { everyMs: 10_000 });
  const facts = Object.entries(data).map(([name, value]) => [name, value] as const);
  return <FactCard title={t("host.ksm")} facts={facts} error={error} />;
}

function Capabilities(): ReactElement {
  const { t } = useTranslation();
  const { data: xml, error } = useAsk(["connect", "capabilities"], {});
  return (
    <Card>
      <CardTitle component="h2">{t("host.capabilities")}</CardTitle>
      <CardBody>
        <Fault error={error} />
        <details>
          <summary>XML</summary>
          <pre className="vireo-mono">{xml}</pre>
        </details>
      </CardBody>
    </Card>
  );
}

export function Host(): ReactElement {
  const { t } = useTranslation();
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t("nav.host")}</Title>
      <Gallery hasGutter minWidths={{ default: "min(100%, 360px)" }}>
        <Machine />
        <Memory />
        <SamePages />
        <Capabilities />
      </Gallery>
    </PageSection>
  );
}
