/** The process that emulates a guest's TPM, and the place of its state. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { CommandContext } from "@vireo/qemu/command/context";
import type { Paths } from "../../host/paths.ts";
import type { QemuUser } from "../../host/qemu-user.ts";
import { SERVED_FD, startCompanion } from "./companion-process.ts";
import type { Companion } from "./domain-view.ts";
import type { Undo } from "./undo.ts";

type Version = "1.2" | "2.0";

const stateDirectory = (paths: Paths, uuid: string, version: Version): string =>
  join(paths.lib, "swtpm", uuid, version === "2.0" ? "tpm2" : "tpm1.2");

const argvOf = (state: string, log: string, version: Version): string[] => [
  "socket",
  "--ctrl",
  `type=unixio,fd=${SERVED_FD}`,
  "--tpmstate",
  `dir=${state},mode=0600`,
  "--log",
  `file=${log}`,
  "--terminate",
  ...(version === "2.0" ? ["--tpm2"] : []),
];

/** Starts what emulates the TPMs of a domain; they end with its QEMU. */
export async function startTpms(
  config: ResolvedDomain,
  { paths, context, user }: { paths: Paths; context: CommandContext; user?: QemuUser | undefined },
  undo: Undo,
): Promise<readonly Companion[]> {
  const companions: Companion[] = [];
  for (const { backend, alias } of config.devices.tpms ?? []) {
    if (backend?.type !== "emulator" || alias === undefined) continue;
    const version = backend.version ?? "2.0";
    const state = stateDirectory(paths, config.uuid, version);
    await mkdir(state, { recursive: true, mode: 0o700 });
    const log = join(paths.qemuLog, `${config.name}-swtpm.log`);
    const argv = argvOf(state, log, version);
    const socket = context.tpmSocket(alias.name);
    companions.push(
      await startCompanion({ name: "swtpm", program: "swtpm", argv, socket, log, user }, undo),
    );
  }
  return companions;
}
