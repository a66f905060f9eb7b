/**
 * Starts one QEMU, up to where the vCPUs could run:
 *
 *     directory, key -> ports -> command line -> descriptors, taps -> spawn -> status -> monitor -> answers
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { resolveNvram } from "@vireo/model/domain/resolve/resolve-nvram";
import { isResolved } from "@vireo/model/domain/resolve/resolve";
import { checkStart } from "@vireo/model/domain/check/check-start";
import { selectFirmware } from "@vireo/qemu/firmware/select-firmware";
import { commandLine, type QemuCommand } from "@vireo/qemu/command/command-line";
import type { JsonObject } from "@vireo/qemu/json";
import { spawnQemu } from "@vireo/qemu/process";
import { hostError } from "../../host/errno.ts";
import {
  channelDirectory,
  commandContext,
  domainDirectory,
  KEY_FILE,
  newMasterKey,
  shortNameOf,
} from "./command-context.ts";
import { withAssigned } from "./assigned-devices.ts";
import { withBackingChains } from "./backing-chain.ts";
import type { LiveDomain } from "./domain-view.ts";
import { hookAfter, hookBefore } from "./domain-hooks.ts";
import { endProcess } from "./end-process.ts";
import type { Emulator, QemuEnvironment } from "./environment.ts";
import { greetQemu } from "./greet-qemu.ts";
import type { GuestMonitor, MonitorListener } from "./guest-monitor.ts";
import { withLinks } from "./guest-links.ts";
import { GuestTaps } from "./guest-taps.ts";
import {
  terminalsOf,
  ioThreadsOf,
  vcpuThreadsOf,
  withBlockNodes,
  withChannelStates,
  withSockets,
  withTerminals,
} from "./live-config.ts";
import { asQemuUser, giveImages, withDacLabel } from "./guest-user.ts";
import { hugepageDirectories } from "./hugepage-directory.ts";
import { withModules } from "./live-memory.ts";
import type { QemuUser } from "../../host/qemu-user.ts";
import { logPathOf, noteCommand } from "./guest-log.ts";
import { openFds } from "./open-fds.ts";
import { withPorts } from "./port-allocation.ts";
import { beginMemoryStats } from "./stats/memory-period.ts";
import { setPasswords } from "./graphics-password.ts";
import { prepareVariables } from "./firmware-variables.ts";
import { hostFirmwares } from "./host-offers.ts";
import { giveLate, placeNew } from "./tune/settle-start.ts";
import { placeThreads } from "./tune/placement.ts";
import { startPassts } from "./nic/passt.ts";
import { startTpms } from "./swtpm.ts";
import { startTaints } from "./taint.ts";
import { notePid } from "./pid-file.ts";
import type { Undo } from "./undo.ts";
import { startVirtiofs } from "./virtiofsd.ts";
import { withoutMissing } from "./missing-disks.ts";
import { withVolumes } from "./volume-disks.ts";

export type LaunchWay = Pick<LaunchRequest, "resetNvram" | "incoming">;

export interface LaunchRequest {
  readonly id: number;
  readonly config: ResolvedDomain;
  readonly emulator: Emulator;
  /** Start with fresh firmware variables. */
  readonly resetNvram: boolean;
  /** Wait for memory and state from elsewhere instead of booting. */
  readonly incoming: boolean;
  readonly listener: MonitorListener;
  /** Called as soon as there is a process; the vCPUs run only after it is done. */
  readonly onProcess: (live: LiveDomain) => Promise<void>;
}

export interface Launched {
  readonly live: LiveDomain;
  readonly monitor: GuestMonitor;
}

async function makeDirectory(path: string, undo: Undo): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true }); // of a start that a crash cut short
    undo.add(`directory ${path}`, () => rm(path, { recursive: true, force: true }));
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw hostError(`Cannot make directory '${path}'`, error);
  }
}

/** What belongs to one run of a domain; returns the key for its secrets. */
async function makePlace(env: QemuEnvironment, shortName: string, undo: Undo): Promise<Buffer> {
  const directory = domainDirectory(env.paths, shortName);
  await Promise.all(
    [directory, channelDirectory(env.paths, shortName)].map((path) => makeDirectory(path, undo)),
  );
  const key = newMasterKey();
  await writeFile(join(directory, KEY_FILE), key, { mode: 0o600 });
  return key;
}

const argvOf = ({ args }: QemuCommand): readonly string[] =>
  args.flatMap(({ option, value }) => (value === undefined ? [option] : [option, value]));

const listeningPaths = ({ passedFds }: QemuCommand): ReadonlyMap<string, string> =>
  new Map(
    passedFds.flatMap(({ kind, id, path }) =>
      kind === "listen" && path !== undefined ? [[id, path] as const] : [],
    ),
  );

function monitorPathOf({ passedFds }: QemuCommand): string {
  const path = passedFds.find((need) => need.kind === "monitor")?.path;
  if (path === undefined) throw virError("internalError", "the command line has no monitor");
  return path;
}

/** The image for a domain that asks for a kind of firmware only; descriptors are read for such alone. */
async function withFirmware(wanted: ResolvedDomain, { facts }: Emulator): Promise<ResolvedDomain> {
  if (wanted.os.firmware === undefined) return wanted;
  const chosen = resolveNvram(selectFirmware(wanted, await hostFirmwares()), facts);
  if (!isResolved(chosen)) throw virError("internalError", "firmware took a domain apart");
  return chosen;
}

/** The domain without what may be missing, and what tells clients of it once the guest is there. */
async function startable(
  env: QemuEnvironment,
  { id, wanted, incoming }: { id: number; wanted: ResolvedDomain; incoming: boolean },
  undo: Undo,
): Promise<{ config: ResolvedDomain; tell: () => void }> {
  checkStart(wanted);
  const { config: present, told } = await withoutMissing(wanted, {
    booting: !incoming,
    volumes: env.volumes,
  });
  const config = await withAssigned(env, present, undo);
  const domain = { name: config.name, uuid: config.uuid, id };
  return { config, tell: () => env.events.publish(...told.map((one) => ({ ...one, domain }))) };
}

/** A start that fails has its hooks told as an end. */
async function hookPrepare(
  env: QemuEnvironment,
  config: ResolvedDomain,
  undo: Undo,
): Promise<void> {
  undo.add("hooks", async () => {
    await hookAfter(env, "stopped", config);
    await hookAfter(env, "release", config);
  });
  await hookBefore(env, "prepare", config);
}

const startCompanions = async (
  config: ResolvedDomain,
  ...[place, undo]: [place: Parameters<typeof startTpms>[1], undo: Undo]
): Promise<LiveDomain["companions"]> => [
  ...(await startTpms(config, place, undo)),
  ...(await startVirtiofs(config, place, undo)),
  ...(await startPassts(config, { ...place, shortName: place.context.shortName }, undo)),
];

/** What the running domain shows beyond its definition. */
const liveConfig = (
  config: ResolvedDomain,
  { command, user }: { command: QemuCommand; user: QemuUser | undefined },
): ResolvedDomain =>
  withDacLabel(withBlockNodes(withSockets(config, listeningPaths(command))), user);

/**
 * @throws VireoError; whatever was done is then in `undo`
 */
export async function launch(
  env: QemuEnvironment,
  { id, config: wanted, emulator, resetNvram, incoming, listener, onProcess }: LaunchRequest,
  undo: Undo,
): Promise<Launched> {
  const { paths } = env;
  const user = env.owners?.user;
  await hookPrepare(env, { ...wanted, id }, undo);
  const shortName = shortNameOf(id, wanted.name);
  const masterKey = await makePlace(env, shortName, undo);
  const { config: found, tell } = await startable(env, { id, wanted, incoming }, undo);
  const complete = { ...(await withPorts(await withFirmware(found, emulator), undo)), id };
  const config = await withBackingChains(complete, withVolumes(complete, env.volumes));
  await prepareVariables(config, { reset: resetNvram });
  const context = {
    ...commandContext(config, { id, paths, masterKey, secrets: env.secrets }),
    ...(incoming ? { incoming: "defer" } : {}),
  };
  const command = commandLine(withVolumes(config, env.volumes), emulator.caps, context);
  for (const path of hugepageDirectories(context.hugepageMounts, shortName))
    if (command.args.some(({ value }) => value?.includes(path))) await makeDirectory(path, undo);
  const companions = await startCompanions(config, { paths, context, user }, undo);
  const taps = new GuestTaps(config, env);
  const held = await openFds(command.passedFds, taps, undo);
  const logPath = logPathOf(paths, config.name);
  const argv = argvOf(command);
  const logStart = await noteCommand(logPath, { binary: command.binary, argv });
  await hookBefore(env, "start", config);
  const directory = domainDirectory(paths, shortName);
  await giveImages(env, { uuid: config.uuid, command, directory }, undo);
  const qemu = await spawnQemu({
    ...asQemuUser(user, { binary: command.binary, argv, config }),
    env: command.env,
    cwd: directory,
    logPath,
    fds: held.handOn(),
  });
  undo.add(`process ${qemu.pid}`, () => endProcess(qemu));
  const monitorPath = monitorPathOf(command);
  const { pid, startTime } = qemu;
  const live: LiveDomain = {
    id,
    config: liveConfig(withLinks(config, taps.links), { command, user }),
    process: { pid, startTime },
    monitorPath,
    taints: startTaints(config),
    companions,
    vcpuThreads: [],
    ioThreads: [],
  };
  await placeNew(env, live, undo); // before it has more threads
  const [monitor] = await Promise.all([
    greetQemu({ qemu, monitorPath, logPath, logStart }, listener),
    onProcess(live),
    notePid(paths, { name: config.name, pid }, undo),
  ]);
  undo.add("monitor", () => monitor.close());
  tell();
  return { live: await settleStart(env, live, monitor), monitor };
}

/** What the host and QEMU are told before the guest runs. */
async function settleStart(
  env: QemuEnvironment,
  live: LiveDomain,
  monitor: GuestMonitor,
): Promise<LiveDomain> {
  await setPasswords(live.config, monitor);
  await beginMemoryStats(live.config, monitor);
  const ask = (command: string, args: JsonObject = {}): Promise<unknown> =>
    monitor.execute(command, args);
  const told = await asked(await giveLate({ ask }, live), monitor);
  await placeThreads(env, told);
  return told;
}

/** Fills in what only the running QEMU knows. */
export async function asked(live: LiveDomain, monitor: GuestMonitor): Promise<LiveDomain> {
  const hasModules = live.config.devices.memories !== undefined;
  const [chardevs, cpus, iothreads, modules] = await Promise.all([
    monitor.execute("query-chardev"),
    monitor.execute("query-cpus-fast"),
    monitor.execute("query-iothreads"),
    hasModules ? monitor.execute("query-memory-devices") : [],
  ]);
  const config = withModules(live.config, modules);
  return {
    ...live,
    config: withChannelStates(withTerminals(config, terminalsOf(chardevs)), chardevs),
    vcpuThreads: vcpuThreadsOf(cpus),
    ioThreads: ioThreadsOf(iothreads),
  };
}
