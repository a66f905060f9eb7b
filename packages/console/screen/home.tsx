import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../data/operation.ts";
import { useUsage } from "../data/usage.ts";
import { AlarmPanel } from "../home/alarm-panel.tsx";
import { ChangesPanel } from "../home/changes-panel.tsx";
import { JobsPanel } from "../home/jobs-panel.tsx";
import { RoomPanel } from "../home/room-panel.tsx";
import { TopPanel } from "../home/top-panel.tsx";
import { useAlarms, usePools } from "../home/use-alarms.ts";
import { CreateButton } from "../part/create-button.tsx";
import { Facts, Panel, type Fact } from "../part/facts.tsx";
import { Screen } from "../part/screen.tsx";

const COUNTED = ["running", "paused", "shutoff", "crashed"] as const;

function Counts(): ReactElement {
  const { t } = useTranslation();
  const { data: domains = [], error } = useAsk(["domain", "list"], {});
  const facts = COUNTED.map(
    (state): Fact => [
      t(`state.${state}`),
      <Link key={state} to="/domains" search={{ state }}>
        {domains.filter((one) => one.state === state).length}
      </Link>,
    ],
  );
  return (
    <Panel title={t("nav.domains")} error={error}>
      <Facts facts={facts} />
    </Panel>
  );
}

/** How things are: a verdict, what speaks against it, who uses most, what is left, what happened. */
export function Home(): ReactElement {
  const { t } = useTranslation();
  const usage = useUsage();
  const pools = usePools();
  const alarms = useAlarms(usage, pools);
  return (
    <Screen title={t("nav.home")} actions={<CreateButton />}>
      <AlarmPanel alarms={alarms} />
      <div className="vireo-grid">
        <Counts />
        <TopPanel usage={usage} of="cpu" />
        <TopPanel usage={usage} of="steal" />
        <RoomPanel pools={pools} />
        <JobsPanel />
        <ChangesPanel />
      </div>
    </Screen>
  );
}
