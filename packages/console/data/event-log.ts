/** What happened since the page was opened, newest first. */
import { createContext, useCallback, useState } from "react";
import type { DaemonEvent } from "@vireo/sdk/http/event-reader";

const KEPT = 200;

export const EventLogContext = createContext<readonly DaemonEvent[]>([]);

export interface EventLog {
  readonly log: readonly DaemonEvent[];
  readonly add: (event: DaemonEvent) => void;
}

export function useEventLog(): EventLog {
  const [log, setLog] = useState<readonly DaemonEvent[]>([]);
  const add = useCallback((event: DaemonEvent): void => {
    if (event.noun !== "feed") setLog((before) => [event, ...before].slice(0, KEPT));
  }, []);
  return { log, add };
}
