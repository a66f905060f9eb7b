/** The command line that a domain would start with, or runs with, without starting anything. */
import { followed, type TracedDomain } from "@vireo/model/domain/explain";
import type { Graphics } from "@vireo/model/domain/device/graphics";
import { nameDevices } from "@vireo/model/domain/resolve/name-devices";
import { isResolved } from "@vireo/model/domain/resolve/resolve";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { explainError, virError } from "@vireo/model/error";
import type { CommandArg } from "@vireo/qemu/command/argument";
import { commandLine } from "@vireo/qemu/command/command-line";
import { selectFirmware } from "@vireo/qemu/firmware/select-firmware";
import { commandContext, newMasterKey } from "./command-context.ts";
import type { LiveDomain } from "./domain-view.ts";
import type { Emulator, QemuEnvironment } from "./environment.ts";
import { withGuestCpu } from "./guest-cpu.ts";
import { hostFirmwares } from "./host-offers.ts";
import { withVolumes } from "./volume-disks.ts";

/** libvirt's id of a domain that does not run. */
const NO_ID = -1;
const FIRST_PORT = 5900;

export interface TracedCommand {
  readonly started: TracedDomain;
  readonly args: readonly CommandArg[];
  /** Why there are no arguments. */
  readonly problem?: string;
}

/** The ports that an otherwise idle host would give. */
function withPorts(config: ResolvedDomain): ResolvedDomain {
  const { devices } = config;
  let next = FIRST_PORT;
  const ported = (graphics: Graphics): Graphics =>
    (graphics.type === "vnc" || graphics.type === "spice") && graphics.autoport === true
      ? { ...graphics, port: next++ }
      : graphics;
  return devices.graphics === undefined
    ? config
    : { ...config, devices: { ...devices, graphics: devices.graphics.map(ported) } };
}

function complete({ domain }: TracedDomain): ResolvedDomain {
  if (isResolved(domain)) return domain;
  throw virError("internalError", `the definition of domain '${domain.name}' is not complete`);
}

/** What starting does to a definition. @throws VireoError when there is no firmware that suits */
async function asStarted(traced: TracedDomain, emulator: Emulator): Promise<TracedDomain> {
  const automatic = traced.domain.os?.firmware !== undefined;
  const firmware = automatic
    ? followed(traced, selectFirmware(complete(traced), await hostFirmwares()), "selectFirmware")
    : traced;
  const settled = followed(firmware, await withGuestCpu(complete(firmware), emulator), "guestCpu");
  const ported = followed(settled, withPorts(complete(settled)), "allocatePorts");
  return followed(ported, nameDevices(complete(ported)), "nameDevices");
}

/** Never throws: a domain without a command line can still be explained. */
export async function tracedCommand(
  { paths, secrets, volumes }: QemuEnvironment,
  {
    traced,
    emulator,
    live,
  }: { traced: TracedDomain; emulator: Emulator; live?: LiveDomain | undefined },
): Promise<TracedCommand> {
  let started = traced;
  try {
    started = live === undefined ? await asStarted(traced, emulator) : traced;
    const domain = complete(started);
    const id = live?.id ?? NO_ID;
    const context = commandContext(domain, { id, paths, masterKey: newMasterKey(), secrets });
    return {
      started,
      args: commandLine(withVolumes(domain, volumes), emulator.caps, context).args,
    };
  } catch (error) {
    return { started, args: [], problem: explainError(error) };
  }
}
