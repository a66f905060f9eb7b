/** The whole command line of a new QEMU, from a resolved domain. */
import { accelArgs, machineArgs, tsegArgs } from "./machine.ts";
import type { CommandArg } from "./argument.ts";
import { bootArgs, kernelArgs } from "./boot.ts";
import { rtcArgs, timerArgs } from "./clock.ts";
import type { CommandContext } from "./context.ts";
import { cpuArgs } from "./cpu.ts";
import { deviceArgs } from "./devices.ts";
import { environmentOf } from "./environment.ts";
import { FdNeeds, type GrantedFd } from "./fd-needs.ts";
import { flashArgs, loaderArgs } from "./firmware.ts";
import { generationIdArgs, crashInfoArgs } from "./guest-notes.ts";
import type { CommandInput } from "./input.ts";
import { iothreadArgs, mainLoopArgs } from "./iothreads.ts";
import { launchSecurityArgs } from "./launch-security.ts";
import { memoryArgs, overcommitArgs } from "./memory.ts";
import { numaArgs } from "./numa.ts";
import { overrideProperties } from "./override.ts";
import { acpiArgs, shutdownArgs, suspendArgs } from "./power.ts";
import {
  bareArgs,
  compatArgs,
  displayArgs,
  incomingArgs,
  messageArgs,
  monitorArgs,
  nameArgs,
  passthroughArgs,
  pausedArgs,
  sandboxArgs,
} from "./process.ts";
import { masterKeyArgs } from "./secret.ts";
import { firmwareConfigArgs, smbiosArgs } from "./smbios.ts";
import { smpArgs } from "./smp.ts";
import { uuidArgs } from "./uuid.ts";
import type { CapabilitiesView } from "./capabilities-view.ts";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";

/** Everything needed to start one QEMU. */
export interface QemuCommand {
  /** Path of the emulator. */
  readonly binary: string;
  readonly args: readonly CommandArg[];
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors the process must find open, with their numbers. */
  readonly passedFds: readonly GrantedFd[];
}

/** The parts in libvirt's order; where QEMU cares, an object stands before what refers to it. */
const PARTS: readonly ((input: CommandInput) => readonly CommandArg[])[] = [
  nameArgs,
  pausedArgs,
  compatArgs,
  masterKeyArgs,
  flashArgs,
  machineArgs,
  accelArgs,
  tsegArgs,
  cpuArgs,
  loaderArgs,
  memoryArgs,
  overcommitArgs,
  smpArgs,
  mainLoopArgs,
  iothreadArgs,
  numaArgs,
  uuidArgs,
  smbiosArgs,
  firmwareConfigArgs,
  generationIdArgs,
  displayArgs,
  bareArgs,
  monitorArgs,
  rtcArgs,
  timerArgs,
  shutdownArgs,
  acpiArgs,
  suspendArgs,
  bootArgs,
  kernelArgs,
  deviceArgs,
  crashInfoArgs,
  incomingArgs,
  launchSecurityArgs,
  passthroughArgs,
  sandboxArgs,
  messageArgs,
];

/**
 * Writes the command line of a domain.
 * @throws VireoError configUnsupported when the definition asks for what QEMU cannot do
 */
export function commandLine(
  domain: ResolvedDomain,
  caps: CapabilitiesView,
  context: CommandContext,
): QemuCommand {
  const fds = new FdNeeds(context.fdNumber);
  const input: CommandInput = { domain, caps, context, fds };
  const args = PARTS.flatMap((part) => part(input));
  return {
    binary: domain.devices.emulator,
    args: overrideProperties(args, domain.qemuOverride),
    env: environmentOf(input),
    passedFds: fds.granted,
  };
}
