/** What takes long, as the HTTP door lists it. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { JobState } from "@vireo/sdk/http/job";
import { useSession } from "./session-context.ts";

export const JOB_COLOURS = {
  running: "blue",
  done: "green",
  failed: "red",
  cancelled: "grey",
} as const;

/** Newest first. */
export function useJobs(): UseQueryResult<readonly JobState[], Error> {
  const { client } = useSession();
  return useQuery({ queryKey: ["job"], queryFn: async () => (await client.jobs()).toReversed() });
}
