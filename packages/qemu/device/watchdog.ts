/** `<watchdog>`: acts when the guest hangs. */
import type { Watchdog } from "@vireo/model/domain/device/watchdog";
import { rawArg, type CommandArg } from "../command/argument.ts";
import { given } from "../json.ts";
import type { PlugStep, QmpCommand } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { busProps } from "./bus-address.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";

export const watchdogSteps = (watchdog: Watchdog, scope: DeviceScope): PlugStep[] => [
  deviceStep(
    given({ driver: watchdog.model, id: aliasOf(watchdog), ...busProps(watchdog, scope) }),
    scope.origin,
  ),
];

/** `dump` is done by the daemon on a paused guest, QEMU only pauses it. */
const qemuAction = (action: string): string => (action === "dump" ? "pause" : action);

/** The action of a watchdog that joins a running guest. */
export const watchdogActionCommand = ({ action = "reset" }: Watchdog): QmpCommand => ({
  execute: "watchdog-set-action",
  arguments: { action: qemuAction(action) },
});

/** QEMU has one action for all watchdogs. */
export const watchdogActionArg = (watchdog: Watchdog, origin: string): CommandArg =>
  rawArg("-watchdog-action", qemuAction(watchdog.action ?? "reset"), origin);
