/** Booting a domain from XML. */
import { virError } from "@vireo/model/error";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { Call } from "../contract.ts";
import {
  forgetUnlessNeeded,
  inactiveView,
  newActor,
  readDefinition,
  type Definitions,
} from "./definition.ts";
import type { DomainActor } from "./domain-actor.ts";
import { hasManagedSave } from "./save-role.ts";

type Starting = Pick<OperationInput<"domain", "start">, "autodestroy">;

/** Destroys the domain when its client goes, if that was asked for. */
export function tie(actor: DomainActor, { autodestroy }: Starting, call: Call): void {
  if (autodestroy !== true) return;
  const { id } = actor.identity;
  call.onDisconnect(() => {
    if (actor.identity.id === id) actor.destroy({}).catch(() => undefined); // it ended by itself
  });
}

/** Boots a transient domain, or a defined one from another definition for once. */
export async function create(
  definitions: Definitions,
  input: OperationInput<"domain", "create">,
  call: Call,
): Promise<DomainIdentity> {
  const { env, list } = definitions;
  const config = await readDefinition(env, input);
  const known = list.same(config);
  if (known?.view.live !== undefined)
    throw virError("operationInvalid", `domain '${config.name}' is already active`);
  // its disks go on from where the saved memory needs them
  if (known !== undefined && hasManagedSave(env, known))
    throw virError(
      "operationInvalid",
      `domain '${config.name}' has a managed save image: start it, or remove the image first`,
    );
  const actor = known ?? newActor(definitions, inactiveView(config, { persistent: false }));
  if (known === undefined) list.add(actor);
  try {
    const identity = await actor.start(input, config);
    tie(actor, input, call);
    return identity;
  } catch (error) {
    await forgetUnlessNeeded(definitions, actor).catch(() => undefined); // somebody else did
    throw error;
  }
}
