/** All of the driver's operations on the resources of domains. */
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import { blockTuneRole } from "./block-tune-role.ts";
import { interfaceTuneRole } from "./interface-tune-role.ts";
import { iothreadRole } from "./iothread-role.ts";
import { memoryTuneRole } from "./memory-tune-role.ts";
import { schedulerRole } from "./scheduler-role.ts";
import { vcpuRole } from "./vcpu-role.ts";

export const tuneRole = (definitions: Definitions): Role<"domain"> => ({
  ...vcpuRole(definitions),
  ...iothreadRole(definitions),
  ...schedulerRole(definitions),
  ...memoryTuneRole(definitions),
  ...blockTuneRole(definitions),
  ...interfaceTuneRole(definitions),
});
