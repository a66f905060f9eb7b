/** Gives a device to a QEMU that runs, and takes it away. Each step knows its undo. */
import { closeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import type { DevicePlace } from "@vireo/model/domain/device/change-devices";
import { type NamedFd, NamedFds } from "@vireo/qemu/command/fd-needs";
import { commandsBefore, hotDeviceSteps } from "@vireo/qemu/command/hot-device";
import { firstFreeSet, setsOf } from "@vireo/qemu/fd-sets";
import { plug, unplug, type PlugStep, type QmpCommand } from "@vireo/qemu/plug";
import type { Secrets } from "../contract.ts";
import { commandContext, domainDirectory, KEY_FILE, shortNameOf } from "./command-context.ts";
import { imageIn } from "./held-image.ts";
import { heldBy } from "./image-holder.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { Emulator, QemuEnvironment } from "./environment.ts";
import { Undo } from "./undo.ts";
import { withKnownVolumes, withVolumes } from "./volume-disks.ts";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";

export interface PlugWork {
  readonly env: QemuEnvironment;
  readonly emulator: Emulator;
  readonly id: number;
  readonly config: ResolvedDomain;
  readonly place: DevicePlace;
  readonly nodeIds: readonly number[];
}

/** What makes up a device, and the descriptors that it needs. */
export interface HotSteps {
  readonly before: readonly QmpCommand[];
  readonly steps: readonly PlugStep[];
  readonly needs: readonly NamedFd[];
}

type Report = (what: string, error: unknown) => void;
type Ask = DomainActor["ask"];

const isDevice = ({ kind }: PlugStep): boolean => kind === "device";
const isSet = ({ kind }: PlugStep): boolean => kind === "fdset";

async function translate(work: PlugWork, secrets: Secrets | undefined, firstSet: number) {
  const { env, emulator, id, config, place, nodeIds } = work;
  const directory = domainDirectory(env.paths, shortNameOf(id, config.name));
  const masterKey = await readFile(join(directory, KEY_FILE));
  const fds = new NamedFds(firstSet);
  const context = commandContext(config, { id, paths: env.paths, masterKey, secrets });
  return {
    steps: hotDeviceSteps(
      { domain: config, caps: emulator.caps, context, fds },
      { ...place, nodeIds },
    ),
    needs: fds.named,
  };
}

/**
 * The steps that make up the device, as its command line would have them.
 * @throws VireoError also when a secret or volume of it cannot be had
 */
export async function stepsOf(work: PlugWork, ask: Ask): Promise<HotSteps> {
  const { env, place } = work;
  const placed = { ...work, config: withVolumes(work.config, env.volumes) };
  const first = await translate(placed, env.secrets, 0);
  const made = first.steps.some(isSet)
    ? await translate(placed, env.secrets, firstFreeSet(await ask("query-fdsets")))
    : first;
  return { before: commandsBefore(work.config, place), ...made };
}

/** Taking away asks for names only, so it needs no secret. */
const NO_SECRETS: Secrets = { value: () => Buffer.alloc(0) };

/** The steps of a device that is there; what it leaned on outside QEMU may be gone meanwhile. */
export async function presentSteps(work: PlugWork): Promise<readonly PlugStep[]> {
  const config = withKnownVolumes(work.config, work.env.volumes);
  return (await translate({ ...work, config }, NO_SECRETS, 0)).steps;
}

const command = (step: PlugStep, how: typeof plug): QmpCommand => {
  const made = how(step);
  if (made === undefined)
    throw virError("operationUnsupported", `QEMU takes '${step.kind}' only when it starts`);
  return made;
};

/** Terminals that QEMU opened, by chardev id. */
export type NewTerminals = Map<string, string>;

function noteTerminal(step: PlugStep, answer: unknown, terminals: NewTerminals): void {
  if (step.kind !== "chardev" || typeof answer !== "object" || answer === null) return;
  if ("pty" in answer && typeof answer.pty === "string") terminals.set(step.id, answer.pty);
}

/** One device on its way into QEMU. */
class Plugging {
  readonly #ask: Ask;
  readonly #fds = new Map<string, number>();
  readonly terminals: NewTerminals = new Map();
  /** The one opened last: it is locked only when a node upon it is. */
  #image: string | undefined;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  hold(name: string, fd: number): void {
    this.#fds.set(name, fd);
  }

  close(): void {
    for (const fd of this.#fds.values()) closeSync(fd);
    this.#fds.clear();
  }

  async #run({ execute, arguments: args, fd: name }: QmpCommand): Promise<unknown> {
    this.#image = imageIn(execute, args)?.path ?? this.#image;
    if (name === undefined)
      return this.#ask(execute, args).catch(async (error: unknown) => {
        throw await heldBy(error, this.#image);
      });
    const fd = this.#fds.get(name);
    if (fd === undefined) throw virError("internalError", `nobody opened descriptor ${name}`);
    return this.#ask(execute, args, { fd });
  }

  async give(fdname: string, undo: Undo): Promise<void> {
    await this.#run({ execute: "getfd", arguments: { fdname }, fd: fdname });
    // a device that took it has closed it
    undo.add("closefd", () => this.#ask("closefd", { fdname }).catch(() => undefined));
  }

  async perform({ before, steps, needs }: HotSteps, undo: Undo): Promise<void> {
    for (const one of before) await this.#run(one);
    const inSets = new Set(steps.map((step) => (step.kind === "fdset" ? step.fd : undefined)));
    for (const { name } of needs) if (!inSets.has(name)) await this.give(name, undo);
    for (const step of steps) {
      noteTerminal(step, await this.#run(command(step, plug)), this.terminals);
      const back = command(step, unplug);
      undo.add(back.execute, () => this.#run(back));
    }
  }
}

/**
 * Performs the steps; when one fails, those before it are taken back.
 * `open` opens what a step needs; it belongs to QEMU afterwards.
 */
export async function plugIn(
  ask: Ask,
  hot: HotSteps,
  { open, report }: { open: (need: NamedFd) => Promise<number>; report: Report },
): Promise<NewTerminals> {
  const undo = new Undo();
  const plugging = new Plugging(ask);
  for (const step of hot.steps) command(step, plug);
  try {
    for (const need of hot.needs) plugging.hold(need.name, await open(need));
    await plugging.perform(hot, undo);
    return plugging.terminals;
  } catch (error) {
    await undo.run(report);
    throw error;
  } finally {
    plugging.close();
  }
}

/** Asks the guest to let go of the device; resolves when QEMU has taken the request. */
export async function askToLetGo(ask: Ask, steps: readonly PlugStep[]): Promise<void> {
  for (const step of steps.filter(isDevice).toReversed()) {
    const { execute, arguments: args } = command(step, unplug);
    await ask(execute, args);
  }
}

/** A set goes by what it holds: its number is only known to QEMU. */
async function removeSet(ask: Ask, opaque: string): Promise<void> {
  for (const set of setsOf(await ask("query-fdsets"), opaque))
    await ask("remove-fd", { "fdset-id": set });
}

/** Removes what stood behind a device that is gone. */
export async function removeBehind(
  ask: Ask,
  steps: readonly PlugStep[],
  report: Report,
): Promise<void> {
  for (const step of steps.filter((one) => !isDevice(one)).toReversed()) {
    const { execute, arguments: args } = command(step, unplug);
    const done = step.kind === "fdset" ? removeSet(ask, step.opaque) : ask(execute, args);
    await done.catch((error: unknown) => report(execute, error));
  }
}
