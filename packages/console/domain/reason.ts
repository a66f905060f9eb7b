/** Why a domain is in its state, in words. */
import { STATE_REASONS } from "@vireo/model/state-reason";
import { useAsk } from "../data/operation.ts";

export function useReason(uuid: string): string | undefined {
  const { data } = useAsk(["domain", "state"], { domain: { uuid } });
  return data === undefined ? undefined : STATE_REASONS[data.state][data.reason];
}
