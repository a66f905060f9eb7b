/** Time: what an offset needs, and timers QEMU has. */
import type { Timer } from "../clock.ts";
import type { Domain } from "../domain.ts";
import { internal, unsupported } from "./refuse.ts";

/** A time zone is named. */
export function checkClock({ clock }: Domain): void {
  if (clock?.offset === "timezone" && clock.timezone === undefined)
    internal("missing 'timezone' attribute for clock with offset='timezone'");
}

/** Timers of QEMU, and what they do about lost ticks. */
export function checkTimers({ clock }: Domain): void {
  for (const timer of clock?.timers ?? []) checkTimer(timer);
}

const POLICIES: Readonly<Record<string, readonly (string | undefined)[]>> = {
  rtc: [undefined, "delay", "catchup"],
  pit: [undefined, "delay", "catchup", "discard"],
};

function checkTimer({ name, track, tickpolicy }: Timer): void {
  if (name === "platform") unsupported(`unsupported timer type (name) '${name}'`);
  if (name === "rtc" && (track === "boot" || track === "realtime"))
    unsupported(`unsupported rtc timer track '${track}'`);
  if (POLICIES[name]?.includes(tickpolicy) === false)
    unsupported(`unsupported ${name} timer tickpolicy '${tickpolicy ?? ""}'`);
}
