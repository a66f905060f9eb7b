/** Clears away behind devices that guests let go of when nobody waits for that any more: late, or to a later daemon. */
import { explainError } from "@vireo/model/error";
import { placeOfAlias } from "@vireo/model/domain/device/change-devices";
import { clearBehind } from "./attach-recovery.ts";
import type { Definitions } from "./definition.ts";
import { DETACH } from "./detach-device.ts";
import type { DomainActor } from "./domain-actor.ts";

export function followDevices({ env }: Pick<Definitions, "env">, actor: DomainActor): void {
  actor.follow({
    onEvent: ({ name, data }) => {
      const alias = String(data["device"]);
      if (name !== "DEVICE_DELETED" || actor.leaving.awaits(alias)) return;
      const config = actor.view.live?.config;
      const place = config && placeOfAlias(config, alias);
      if (config === undefined || place === undefined) return;
      actor
        .change(DETACH, () => clearBehind(env, actor, { alias, place, config }))
        .catch((error: unknown) =>
          env.log.warn({ domain: actor.view.name, alias }, explainError(error)),
        );
    },
  });
}
