/** `<panic>`: how the guest tells that it crashed. */
import type { Panic } from "@vireo/model/domain/device/panic";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";

/** `hyperv` is a CPU flag, `pseries` and `s390` are part of the machine. */
export function panicSteps(panic: Panic, { origin }: DeviceScope): PlugStep[] {
  if (panic.model !== "isa" && panic.model !== undefined) return [];
  const ioport = panic.address?.type === "isa" ? panic.address.iobase : undefined;
  return [deviceStep(given({ driver: "pvpanic", ioport }), origin)];
}
