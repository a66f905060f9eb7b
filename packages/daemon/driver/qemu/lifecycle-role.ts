/** What happens when the guest powers off, reboots or panics, changed while the domain is known. */
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { OperationInput } from "@vireo/model/operation/operations";
import type { Role } from "../contract.ts";
import type { Definitions } from "./definition.ts";
import { lifeActions } from "./live-event.ts";
import { changeDomain } from "./tune/change-domain.ts";
import { known } from "./tune/known.ts";

type Input = OperationInput<"domain", "setLifecycleAction">;
type Actions = Pick<ResolvedDomain, "onPoweroff" | "onReboot" | "onCrash">;

/** @throws VireoError `configUnsupported`: nobody is renamed, and only a crash leaves something to dump */
function actionsOf({ type, action }: Input): Actions {
  if (action === "rename-restart")
    throw virError(
      "configUnsupported",
      `qemu driver doesn't support the '${action}' action for 'on_reboot'/'on_poweroff'/'on_crash'`,
    );
  if (type === "crash") return { onCrash: action };
  if (action === "coredump-destroy" || action === "coredump-restart")
    throw virError(
      "configUnsupported",
      `Lifecycle event '${type}' doesn't support '${action}' action`,
    );
  return type === "poweroff" ? { onPoweroff: action } : { onReboot: action };
}

export const lifecycleRole = (definitions: Definitions): Role<"domain"> => ({
  setLifecycleAction: (input) =>
    changeDomain(
      definitions,
      ["setLifecycleAction", input],
      async ({ actor, live, definition }) => {
        const change = (config: ResolvedDomain): ResolvedDomain => ({
          ...config,
          ...actionsOf(input),
        });
        const canSet =
          live !== undefined &&
          (await definitions.env.emulatorFor(live.config)).caps.flags.has("set-action");
        return {
          ...(definition === undefined ? {} : { definition: change(definition) }),
          ...(live === undefined
            ? {}
            : {
                live: async () => {
                  const reboots = lifeActions(change(live.config)).onReboot !== "destroy";
                  if (canSet && input.type === "reboot")
                    await actor.ask("set-action", { reboot: reboots ? "reset" : "shutdown" });
                  return known(change);
                },
              }),
        };
      },
    ),
});
