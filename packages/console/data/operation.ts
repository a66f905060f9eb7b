/** Operations as React sees them: questions that stay fresh, and actions. */
import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import type {
  Noun,
  OperationInput,
  OperationOutput,
  Verb,
} from "@vireo/model/operation/operations";
import { useSession } from "./session-context.ts";

export interface AskOptions {
  /** Asks again after so long; else only when an event says that something changed. */
  readonly everyMs?: number;
  readonly enabled?: boolean;
}

/** The answer of a reading operation, kept fresh by events of its noun. */
export function useAsk<N extends Noun, V extends Verb<N>>(
  [noun, verb]: readonly [N, V],
  input: OperationInput<N, V>,
  { everyMs, enabled = true }: AskOptions = {},
): UseQueryResult<OperationOutput<N, V>, Error> {
  const { client } = useSession();
  return useQuery({
    queryKey: [noun, verb, input],
    queryFn: async ({ signal }) =>
      (await client.call(`${noun}.${verb}`, input as object, { signal })) as OperationOutput<N, V>, // its own route
    enabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  });
}

export interface Action {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Runs operations by name; whatever they may have changed is asked for again. */
export function useAct(): UseMutationResult<unknown, Error, Action> {
  const { client } = useSession();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ operation, input }: Action) => client.call(operation, input),
    onSettled: (_answer, _error, { operation }) =>
      queries.invalidateQueries({ queryKey: [operation.split(".")[0]] }),
  });
}
