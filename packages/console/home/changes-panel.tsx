import { Link } from "@tanstack/react-router";
import { useContext, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DaemonEvent } from "@vireo/sdk/http/event-reader";
import { aboutOf, wordsOf } from "../data/event-about.ts";
import { EventLogContext } from "../data/event-log.ts";
import { timeText } from "../data/time-text.ts";
import { Panel } from "../part/facts.tsx";

const SHOWN = 10;

function Change({ event }: { readonly event: DaemonEvent }): ReactElement {
  const name = aboutOf(event);
  return (
    <li>
      <span className="vireo-quiet">{timeText(event.at)}</span>{" "}
      {event.noun === "domain" && name !== undefined ? (
        <Link to="/domains/$name" params={{ name }}>
          {name}
        </Link>
      ) : (
        `${event.noun} ${name ?? ""}`
      )}{" "}
      {wordsOf(event)}
    </li>
  );
}

/** What happened lately, newest first. */
export function ChangesPanel(): ReactElement {
  const { t } = useTranslation();
  const log = useContext(EventLogContext);
  return (
    <Panel title={t("home.events")}>
      {log.length === 0 ? <p className="vireo-quiet">{t("home.nothing")}</p> : null}
      <ul className="vireo-plain">
        {log.slice(0, SHOWN).map((event) => (
          <Change key={event.id} event={event} />
        ))}
      </ul>
    </Panel>
  );
}
