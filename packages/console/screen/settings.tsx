import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";
import { ColourToggle } from "../part/colour-toggle.tsx";
import { Facts, type Fact } from "../part/facts.tsx";
import { Fault } from "../part/fault.tsx";
import { Screen } from "../part/screen.tsx";

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
  const facts: readonly Fact[] = [
    [t("session.user"), `${user}${readOnly ? ` (${t("session.readOnly")})` : ""}`],
    [
      t("settings.hypervisor"),
      `${type ?? "–"} ${version === undefined ? "" : versionText(version)}`,
    ],
    [t("settings.libvirt"), follows === undefined ? "–" : versionText(follows)],
    [t("settings.uri"), uri ?? "–"],
    [t("settings.colours"), <ColourToggle key="colours" />],
    [
      "API",
      <span key="api">
        <a href="/v1/openapi.json">OpenAPI 3.1</a> · <a href="/metrics">OpenMetrics</a>
      </span>,
    ],
  ];
  return (
    <Screen title={t("nav.settings")}>
      <Fault error={error} />
      <Facts facts={facts} />
    </Screen>
  );
}
