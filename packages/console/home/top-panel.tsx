import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { percentText } from "../data/bytes.ts";
import type { UsageByName } from "../data/usage.ts";
import { Panel } from "../part/facts.tsx";
import { Meter } from "../part/meter.tsx";

const TOP = 5;

export interface TopPanelProps {
  readonly usage: UsageByName;
  readonly of: "cpu" | "steal";
}

/** The domains that use, or wait for, the host's processors most. */
export function TopPanel({ usage, of }: TopPanelProps): ReactElement {
  const { t } = useTranslation();
  const top = [...usage]
    .map(([name, one]) => ({ name, part: one[of].at(-1) ?? 0 }))
    .toSorted((a, b) => b.part - a.part)
    .slice(0, TOP);
  return (
    <Panel title={t(`home.most.${of}`)}>
      {top.length === 0 ? <p className="vireo-quiet">{t("home.none")}</p> : null}
      <ul className="vireo-plain">
        {top.map(({ name, part }) => (
          <li key={name}>
            <Meter
              label={name}
              part={part}
              text={percentText(part)}
              title={
                <Link to="/domains/$name" params={{ name }} search={{ tab: "performance" }}>
                  {name}
                </Link>
              }
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
