/** The buttons of a running machine. */
import type { DomainActor } from "./domain-actor.ts";
import { lifeActions } from "./live-event.ts";

export const suspend = (actor: DomainActor): Promise<void> =>
  actor.turn("suspend", async () => {
    if (actor.view.state.state === "paused") return;
    actor.intent.pauseReason = "user";
    await actor.ask("stop");
  });

export const resume = (actor: DomainActor): Promise<void> =>
  actor.turn("resume", () => actor.run("unpaused"));

export const reset = (actor: DomainActor): Promise<void> =>
  actor.turn("reset", async () => void (await actor.ask("system_reset")));

/** Presses the power button; for a reboot the machine is reset once it is off. */
export const pressPower = (actor: DomainActor, request: "shutdown" | "reboot"): Promise<void> =>
  actor.turn(request, async () => {
    const { live, definition } = actor.view;
    const { onReboot } = lifeActions(live?.config ?? definition);
    actor.intent.rebooting = request === "reboot" && onReboot === "restart";
    await actor.ask("system_powerdown");
  });
