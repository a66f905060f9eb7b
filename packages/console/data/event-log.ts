/** What happened lately, newest first. */
import { createContext, useCallback, useState } from "react";
import type { DaemonEvent } from "@vireo/sdk/http/event-reader";
import { recentEvents } from "./recent-events.ts";
import { useSession } from "./session-context.ts";

const KEPT = 200;

export const EventLogContext = createContext<readonly DaemonEvent[]>([]);

export interface EventLog {
  readonly log: readonly DaemonEvent[];
  readonly add: (event: DaemonEvent) => void;
}

/** Later events first; each once. */
const joined = (
  newer: readonly DaemonEvent[],
  older: readonly DaemonEvent[],
): readonly DaemonEvent[] => {
  const known = new Set(newer.map(({ id }) => id));
  return [...newer, ...older.filter(({ id }) => !known.has(id))].slice(0, KEPT);
};

export function useEventLog(): EventLog {
  const { client } = useSession();
  const [log, setLog] = useState<readonly DaemonEvent[]>([]);
  const add = useCallback(
    (event: DaemonEvent): void => {
      if (event.noun !== "feed") return setLog((before) => joined([event], before));
      if (event.event.kind === "hello")
        recentEvents(client, event.id).then(
          (past) => setLog((before) => joined(before, past)),
          () => undefined, // the page goes on without its past
        );
    },
    [client],
  );
  return { log, add };
}
