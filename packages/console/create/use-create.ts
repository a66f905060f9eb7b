/** Takes the steps of a creation; what was made is taken back, last first, when a later one fails. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../data/session-context.ts";
import type { Step } from "./wish.ts";

export interface Creation {
  readonly run: (steps: readonly Step[]) => Promise<boolean>;
  /** Steps that are done; undefined while nothing runs. */
  readonly done: number | undefined;
  readonly error: unknown;
}

/** Copies of large images take their time. */
const STEP_MS = 30 * 60_000;

export function useCreate(): Creation {
  const { client } = useSession();
  const queries = useQueryClient();
  const [done, setDone] = useState<number>();
  const [error, setError] = useState<unknown>();
  const take = async ({ action, upload }: Step): Promise<void> => {
    const { operation, input } = action;
    if (upload !== undefined) await client.upload(operation, input, upload);
    else await client.call(operation, input, { timeoutMs: STEP_MS });
  };
  const run = async (steps: readonly Step[]): Promise<boolean> => {
    setError(undefined);
    const taken: Step[] = [];
    try {
      for (const step of steps) {
        setDone(taken.length);
        await take(step);
        taken.push(step);
      }
      return true;
    } catch (fault) {
      setError(fault);
      for (const { undo } of taken.toReversed())
        if (undo !== undefined)
          await client.call(undo.operation, undo.input).catch(() => undefined); // the first fault is told
      return false;
    } finally {
      setDone(undefined);
      await queries.invalidateQueries();
    }
  };
  return { run, done, error };
}
