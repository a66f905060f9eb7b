import {
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  PageSection,
  Title,
} from "@patternfly/react-core";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { ColourToggle } from "../part/colour-toggle.tsx";
import { Fault } from "../part/fault.tsx";

const MAJOR = 1_000_000;
const MINOR = 1000;

/** libvirt's way to put three numbers into one. */
const versionText = (version: number): string =>
  [Math.floor(version / MAJOR), Math.floor((version % MAJOR) / MINOR), version % MINOR].join(".");

/** How the console looks to this browser, and what it talks to. */
export function Settings(): ReactElement {
  const { t } = useTranslation();
  const { user, readOnly } = useSession();
  const { data: type, error } = useAsk(["connect", "type"], {});
  const { data: version } = useAsk(["connect", "version"], {});
  const { data: follows } = useAsk(["connect", "libVersion"], {});
  const { data: uri } = useAsk(["connect", "uri"], {});
  const facts = [
    [t("session.user"), `${user}${readOnly ? ` (${t("session.readOnly")})` : ""}`],
    [
      t("settings.hypervisor"),
      `${type ?? "–"} ${version === undefined ? "" : versionText(version)}`,
    ],
    [t("settings.libvirt"), follows === undefined ? "–" : versionText(follows)],
    ["URI", uri ?? "–"],
  ] as const;
  return (
    <PageSection isFilled>
      <Title headingLevel="h1">{t("nav.settings")}</Title>
      <Fault error={error} />
      <DescriptionList isHorizontal>
        {facts.map(([term, value]) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription>{value}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
        <DescriptionListGroup>
          <DescriptionListTerm>{t("settings.colours")}</DescriptionListTerm>
          <DescriptionListDescription>
            <ColourToggle />
          </DescriptionListDescription>
        </DescriptionListGroup>
        <DescriptionListGroup>
          <DescriptionListTerm>API</DescriptionListTerm>
          <DescriptionListDescription>
            <a href="/v1/openapi.json">OpenAPI 3.1</a> · <a href="/metrics">OpenMetrics</a>
          </DescriptionListDescription>
        </DescriptionListGroup>
      </DescriptionList>
    </PageSection>
  );
}
