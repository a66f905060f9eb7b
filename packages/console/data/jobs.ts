/** What takes long, as the HTTP door lists it. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";

export interface Job {
  readonly id: string;
  readonly operation: string;
  readonly by: string;
  readonly subject: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly state: "running" | "done" | "failed" | "cancelled";
  /** Absent while nobody knows. */
  readonly progress?: { readonly done: number; readonly total: number };
  readonly cancelling?: true;
  readonly error?: { readonly detail: string };
}

export const JOB_COLOURS = { running: "blue", done: "green", failed: "red", cancelled: "grey" } as const;

async function askJobs(): Promise<readonly Job[]> {
  const response = await fetch("/v1/jobs");
  if (!response.ok) throw new Error(await response.text());
  const { items } = (await response.json()) as { items: Job[] }; // the daemon's own
  return items.toReversed();
}

/** Newest first. */
export const useJobs = (): UseQueryResult<readonly Job[], Error> =>
  useQuery({ queryKey: ["job"], queryFn: askJobs });
