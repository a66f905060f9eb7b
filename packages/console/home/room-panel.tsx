import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { bytesText, percentText } from "../data/bytes.ts";
import { Panel } from "../part/facts.tsx";
import { Meter } from "../part/meter.tsx";
import { useFreeMemory, type PoolFacts } from "./use-alarms.ts";

/** What is left of the host's memory and of the pools. */
export function RoomPanel({ pools }: { readonly pools: readonly PoolFacts[] }): ReactElement {
  const { t } = useTranslation();
  const free = useFreeMemory();
  const known = pools.filter(({ capacity = 0 }) => capacity > 0);
  return (
    <Panel title={t("home.room")}>
      <ul className="vireo-plain">
        <li>
          <Meter
            label={t("home.memory")}
            title={<Link to="/host">{t("home.memory")}</Link>}
            part={free === undefined ? 0 : 1 - free}
            text={free === undefined ? "–" : t("home.free", { value: percentText(free) })}
          />
        </li>
        {known.map(({ name, capacity = 1, available = 0 }) => (
          <li key={name}>
            <Meter
              label={name}
              title={
                <Link to="/storage/$pool" params={{ pool: name }}>
                  {name}
                </Link>
              }
              part={1 - available / capacity}
              text={t("home.free", { value: bytesText(available) })}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
