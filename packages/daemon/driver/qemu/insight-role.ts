/** Operations that explain domains and plan their changes. */
import type { Role } from "../contract.ts";
import type { Definitions } from "./definition.ts";
import { hostDevices } from "./insight-devices.ts";
import { explain } from "./insight-explain.ts";
import { history, historyXml } from "./insight-history.ts";
import { networkPath } from "./insight-network.ts";
import { apply, plan } from "./insight-plan.ts";

export const insightRole = (definitions: Definitions): Role<"domain"> => ({
  explain: (input) => explain(definitions, input),
  history: (input) => history(definitions, input),
  historyXml: (input) => historyXml(definitions, input),
  plan: (input) => plan(definitions, input),
  hostDevices: (input) => hostDevices(definitions, input),
  networkPath: (input) => networkPath(definitions, input),
  apply: (input) => apply(definitions, input),
});
