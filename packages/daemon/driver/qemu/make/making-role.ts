/** Domains that are made together with their volumes. */
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import { cloneDomain } from "./clone-domain.ts";
import { createWithVolumes } from "./create-with-volumes.ts";
import { making } from "./making.ts";

export const makingRole = (definitions: Definitions): Role<"domain"> => ({
  clone: (input, call) => making(definitions, call, (one) => cloneDomain(one, input)),
  createWithVolumes: (input, call) =>
    making(definitions, call, (one) => createWithVolumes(one, input, call)),
});
