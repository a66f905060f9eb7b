/** Gives a device to a QEMU that runs, and takes it away. Each step knows its undo. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import type { DevicePlace } from "@vireo/model/domain/device/change-devices";
import { FdNeeds } from "@vireo/qemu/command/fd-needs";
import { hotDeviceSteps } from "@vireo/qemu/command/hot-device";
import { plug, unplug, type PlugStep, type QmpCommand } from "@vireo/qemu/plug";
import { commandContext, domainDirectory, KEY_FILE, shortNameOf } from "./command-context.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { Emulator, QemuEnvironment } from "./environment.ts";
import { Undo } from "./undo.ts";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";

export interface PlugWork {
  readonly env: QemuEnvironment;
  readonly emulator: Emulator;
  readonly id: number;
  readonly config: ResolvedDomain;
  readonly place: DevicePlace;
  readonly nodeIds: readonly number[];
}

/** The steps that make up the device, as its command line would have them. */
export async function stepsOf(work: PlugWork): Promise<readonly PlugStep[]> {
  const { env, emulator, id, config, place, nodeIds } = work;
  const directory = domainDirectory(env.paths, shortNameOf(id, config.name));
  const masterKey = await readFile(join(directory, KEY_FILE));
  const fds = new FdNeeds();
  const context = commandContext(config, { id, paths: env.paths, masterKey });
  const steps = hotDeviceSteps(
    { domain: config, caps: emulator.caps, context, fds },
    { ...place, nodeIds },
  );
  const [need] = fds.granted;
  if (need !== undefined)
    throw virError(
      "operationUnsupported",
      `a device that needs an open ${need.kind} cannot be given to a running domain yet`,
    );
  return steps;
}

const command = (step: PlugStep, how: typeof plug): QmpCommand => {
  const made = how(step);
  if (made === undefined)
    throw virError("operationUnsupported", `QEMU takes '${step.kind}' only when it starts`);
  return made;
};

/** Performs the steps; when one fails, those before it are taken back. */
export async function plugIn(
  actor: DomainActor,
  steps: readonly PlugStep[],
  report: (what: string, error: unknown) => void,
): Promise<void> {
  const undo = new Undo();
  try {
    for (const step of steps) {
      const { execute, arguments: args } = command(step, plug);
      await actor.ask(execute, args);
      const back = command(step, unplug);
      undo.add(back.execute, () => actor.ask(back.execute, back.arguments));
    }
  } catch (error) {
    await undo.run(report);
    throw error;
  }
}

const isDevice = ({ kind }: PlugStep): boolean => kind === "device";

/** Asks the guest to let go of the device; resolves when QEMU has taken the request. */
export async function askToLetGo(actor: DomainActor, steps: readonly PlugStep[]): Promise<void> {
  for (const step of steps.filter(isDevice).toReversed()) {
    const { execute, arguments: args } = command(step, unplug);
    await actor.ask(execute, args);
  }
}

/** Removes what stood behind a device that is gone. */
export async function removeBehind(
  actor: DomainActor,
  steps: readonly PlugStep[],
  report: (what: string, error: unknown) => void,
): Promise<void> {
  for (const step of steps.filter((one) => !isDevice(one)).toReversed()) {
    const { execute, arguments: args } = command(step, unplug);
    await actor.ask(execute, args).catch((error: unknown) => report(execute, error));
  }
}
