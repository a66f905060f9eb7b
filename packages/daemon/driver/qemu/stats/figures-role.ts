/** Everything that tells figures of domains, over one common sight of them. */
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import { deviceFiguresRole } from "./device-figures-role.ts";
import { measureRole } from "./measure-role.ts";
import { memoryStatsRole } from "./memory-role.ts";
import { statsRole } from "./stats-role.ts";
import { statsSight } from "./stats-sight.ts";

export const figuresRole = (definitions: Definitions): Role<"domain"> => {
  const sight = statsSight(definitions.env);
  return {
    ...statsRole(definitions, sight),
    ...memoryStatsRole(definitions, sight),
    ...deviceFiguresRole(definitions, sight),
    ...measureRole(definitions),
  };
};
