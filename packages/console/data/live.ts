/** Keeps every answer on the page true: events of the daemon make questions be asked again. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { DaemonEvent } from "@vireo/sdk/http/event-reader";
import { useSession } from "./session-context.ts";

export type Line = "up" | "down";

/** Several events within this time are one reason to ask again. */
const TOGETHER_MS = 80;
const QUIET_MS = 20_000;

/** Whether the line to the daemon is up. Events beyond those that invalidate go to `heard`. */
export function useLive(heard?: (event: DaemonEvent) => void): Line {
  const { client } = useSession();
  const queries = useQueryClient();
  const [line, setLine] = useState<Line>("up");
  useEffect(() => {
    const stop = new AbortController();
    const stale = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      timer = undefined;
      const nouns = [...stale];
      stale.clear();
      for (const noun of nouns)
        void queries.invalidateQueries(noun === "feed" ? {} : { queryKey: [noun] });
    };
    const follow = async (): Promise<void> => {
      for await (const event of client.events({ signal: stop.signal })) {
        setLine("up");
        heard?.(event);
        if (event.noun === "feed" && event.event.kind === "hello") continue;
        stale.add(event.noun);
        timer ??= setTimeout(refresh, TOGETHER_MS);
      }
    };
    follow().catch(() => setLine("down"));
    const beat = setInterval(() => {
      fetch("/v1/session", { signal: AbortSignal.timeout(QUIET_MS) }).then(
        ({ status }) => (status === 401 ? location.reload() : setLine("up")),
        () => setLine("down"),
      );
    }, 2000);
    return () => {
      stop.abort();
      clearInterval(beat);
      clearTimeout(timer);
    };
  }, [client, queries, heard]);
  return line;
}
