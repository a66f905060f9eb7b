/** The driver's operations that measure a running domain as a whole. */
import { virError } from "@vireo/model/error";
import type { OperationInput } from "@vireo/model/operation/operations";
import { processInfo } from "../../../host/process.ts";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import type { DomainActor } from "../domain-actor.ts";

const SECONDS = { least: 1, most: 60 } as const;

const MODES = {
  pageSampling: "page-sampling",
  dirtyBitmap: "dirty-bitmap",
  dirtyRing: "dirty-ring",
} as const;

type Measuring = OperationInput<"domain", "calculateDirtyRate">;

/** Why this guest cannot be measured so; `undefined` when it can. */
function objection({ view }: DomainActor, mode: keyof typeof MODES): string | undefined {
  const config = view.live?.config;
  const ring = config?.features?.kvm?.dirtyRing?.state === true;
  if (mode === "dirtyRing")
    return ring ? undefined : "dirty-ring calculation mode requires dirty-ring feature enabled.";
  if (mode === "pageSampling") return undefined;
  if (ring) return "dirty-bitmap calculation mode requires dirty-ring feature disabled.";
  // without KVM's log QEMU 7.2 aborts, and the guest with it
  return config?.type === "kvm" ? undefined : "dirty-bitmap calculation mode requires KVM.";
}

async function calculate(
  actor: DomainActor,
  { seconds, mode = "pageSampling" }: Measuring,
): Promise<void> {
  const { least, most } = SECONDS;
  if (seconds < least || seconds > most)
    throw virError(
      "configUnsupported",
      `seconds=${seconds} is invalid, please choose value within [${least}, ${most}].`,
    );
  const why = objection(actor, mode);
  if (why !== undefined) throw virError("operationUnsupported", why);
  await actor.ask("calc-dirty-rate", { "calc-time": seconds, mode: MODES[mode] });
}

function cpuUsage(actor: DomainActor): Readonly<Record<string, number>> {
  actor.allow("control");
  const { live } = actor.view;
  const info = live && processInfo(live.process.pid);
  if (info === undefined) throw virError("operationInvalid", "domain is not running");
  return {
    cpu_time: info.cpuTimeNs,
    user_time: info.userTimeNs,
    system_time: info.systemTimeNs,
  };
}

export const measureRole = ({ list }: Definitions): Role<"domain"> => ({
  cpuUsage: ({ domain }) => cpuUsage(list.find(domain)),
  calculateDirtyRate: (input) => {
    const actor = list.find(input.domain);
    return actor.turn("control", () => calculate(actor, input));
  },
});
