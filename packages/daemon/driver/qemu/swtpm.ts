/** The process that emulates a guest's TPM, and the place of its state. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { virError } from "@vireo/model/error";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { CommandContext } from "@vireo/qemu/command/context";
import type { Paths } from "../../host/paths.ts";
import { processIdentity, signalProcess } from "../../host/process.ts";
import { listenUnix, removeSocket } from "../../host/unix-listener.ts";
import type { Companion } from "./domain-view.ts";
import type { Undo } from "./undo.ts";

const CONTROL_FD = 3;

type Version = "1.2" | "2.0";

const stateDirectory = (paths: Paths, uuid: string, version: Version): string =>
  join(paths.lib, "swtpm", uuid, version === "2.0" ? "tpm2" : "tpm1.2");

interface Wanted {
  readonly socket: string;
  readonly state: string;
  readonly log: string;
  readonly version: Version;
}

const argv = ({ state, log, version }: Wanted): string[] => [
  "socket",
  "--ctrl",
  `type=unixio,fd=${CONTROL_FD}`,
  "--tpmstate",
  `dir=${state},mode=0600`,
  "--log",
  `file=${log}`,
  "--terminate",
  ...(version === "2.0" ? ["--tpm2"] : []),
];

/** QEMU may connect at once: the socket listens before swtpm runs. */
async function start(wanted: Wanted, undo: Undo): Promise<Companion> {
  await mkdir(wanted.state, { recursive: true, mode: 0o700 });
  await mkdir(dirname(wanted.socket), { recursive: true, mode: 0o700 });
  const fd = listenUnix(wanted.socket);
  undo.add(`socket ${wanted.socket}`, () => removeSocket(wanted.socket));
  const log = openSync(wanted.log, "a", 0o600);
  const child = spawn("swtpm", argv(wanted), { detached: true, stdio: ["ignore", log, log, fd] });
  for (const given of [fd, log]) closeSync(given);
  const failed = new Promise<never>((_resolve, reject) => child.once("error", reject));
  const spawned = new Promise<void>((resolve) => child.once("spawn", resolve));
  try {
    await Promise.race([failed, spawned]);
  } catch (cause) {
    throw virError("internalError", "Could not start 'swtpm'", { cause });
  }
  failed.catch(() => undefined);
  child.unref();
  const identity = processIdentity(child.pid ?? 0);
  if (identity === undefined)
    throw virError("internalError", `swtpm ended at once, see '${wanted.log}'`);
  undo.add("swtpm", () => signalProcess(identity, "SIGTERM"));
  return { name: "swtpm", ...identity };
}

/** Starts what emulates the TPMs of a domain; they end with its QEMU. */
export async function startTpms(
  config: ResolvedDomain,
  { paths, context }: { paths: Paths; context: CommandContext },
  undo: Undo,
): Promise<readonly Companion[]> {
  const companions: Companion[] = [];
  for (const { backend, alias } of config.devices.tpms ?? []) {
    if (backend?.type !== "emulator" || alias === undefined) continue;
    const version = backend.version ?? "2.0";
    const wanted = {
      socket: context.tpmSocket(alias.name),
      state: stateDirectory(paths, config.uuid, version),
      log: join(paths.qemuLog, `${config.name}-swtpm.log`),
      version,
    };
    companions.push(await start(wanted, undo));
  }
  return companions;
}
