import { DOMAIN_STATES } from "@vireo/model/operation/domain-value";
import type { StatsGroup } from "./group.ts";
import { int } from "./statistic.ts";

export const stateStats: StatsGroup = ({ view: { state } }) => ({
  "state.state": int(DOMAIN_STATES.indexOf(state.state)),
  "state.reason": int(state.reason),
});
