/** Something that takes long, followed while the page is open. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Action } from "../data/operation.ts";
import { useSession } from "../data/session-context.ts";

export interface Following {
  /** Resolves to whether it was done. */
  readonly run: (action: Action) => Promise<boolean>;
  /** 0 to 1; undefined while nothing runs. */
  readonly part: number | undefined;
  readonly cancel: (() => void) | undefined;
  readonly error: unknown;
}

export function useJob(): Following {
  const { client } = useSession();
  const queries = useQueryClient();
  const [part, setPart] = useState<number>();
  const [cancel, setCancel] = useState<() => void>();
  const [error, setError] = useState<unknown>();
  const run = async ({ operation, input }: Action): Promise<boolean> => {
    setError(undefined);
    setPart(0);
    try {
      const job = await client.begin(operation, input);
      setCancel(() => () => void job.cancel());
      for await (const { progress } of job.follow())
        if (progress !== undefined && progress.total > 0) setPart(progress.done / progress.total);
      await job.result();
      return true;
    } catch (fault) {
      setError(fault);
      return false;
    } finally {
      setPart(undefined);
      setCancel(undefined);
      await queries.invalidateQueries();
    }
  };
  return { run, part, cancel, error };
}
