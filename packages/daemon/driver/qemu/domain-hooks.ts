/** What the administrator's scripts are told of a domain's life, in libvirt's words and order. */
import { explainError } from "@vireo/model/error";
import { withActualInterfaces } from "@vireo/model/domain/device/actual-interface";
import { formatDomain } from "@vireo/model/domain/format-domain";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { runHooks } from "../../host/hook.ts";
import type { LiveDomain } from "./domain-view.ts";
import type { QemuEnvironment } from "./environment.ts";

type HookEnvironment = Pick<QemuEnvironment, "paths" | "log">;
type Config = ResolvedDomain & { readonly id?: number };

/** Before anything is made for the domain, before QEMU is run, when the guest runs; or found again. */
export type BeginHook = "prepare" | "start" | "started" | "reconnect";
/** When QEMU has ended, and when what belonged to it is cleared away. */
type EndHook = "stopped" | "release";

/** @throws VireoError `hookScriptFailed`: what was to begin must not */
export const hookBefore = (
  { paths }: HookEnvironment,
  operation: BeginHook,
  config: Config,
): Promise<void> =>
  runHooks(paths.hooks, {
    kind: "qemu",
    object: config.name,
    operation,
    phase: "begin",
    input: formatDomain(withActualInterfaces(config), { live: true }),
  });

/** The end cannot be refused any more: a failure is only noted. */
export async function hookAfter(
  { paths, log }: HookEnvironment,
  operation: EndHook,
  { id: _gone, ...config }: Config,
): Promise<void> {
  try {
    await runHooks(paths.hooks, {
      kind: "qemu",
      object: config.name,
      operation,
      phase: "end",
      input: formatDomain(withActualInterfaces(config), { live: true }),
    });
  } catch (error) {
    log.warn({ domain: config.name, what: `hook ${operation}` }, explainError(error));
  }
}

/** Of a process that was started or found again. @throws VireoError `hookScriptFailed` */
export async function hookOnLive(
  env: QemuEnvironment,
  operation: "started" | "reconnect",
  live: LiveDomain | undefined,
): Promise<void> {
  if (live !== undefined) await hookBefore(env, operation, { ...live.config, id: live.id });
}
