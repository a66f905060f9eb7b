/** A guest's memory in a file: for a debugger by QEMU itself, or with its devices as a migration stream. */
import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { virError } from "@vireo/model/error";
import type { OperationInput } from "@vireo/model/operation/operations";
import { isMessage } from "@vireo/qemu/qmp/parse-message";
import { hostError } from "../../host/errno.ts";
import { forgetWritten } from "../../host/page-cache.ts";
import { removeIfThere } from "../../host/file.ts";
import { domainDirectory, shortNameOf } from "./command-context.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { DomainJob } from "./domain-job.ts";
import type { QemuEnvironment } from "./environment.ts";
import type { Recovery } from "./interrupted.ts";
import { takeOut } from "./memory-stream.ts";

type Dump = OperationInput<"domain", "coreDump">;

const LOOK_MS = 100;
const PRIVATE = 0o600;

/** A dump in pieces cannot be taken back; one by QEMU itself cannot be stopped either. */
export const DUMPING = { operation: "dump", admits: "suspend" } as const;
export const DUMPING_MEMORY = { ...DUMPING, unabortable: "cannot abort memory-only dump" } as const;

/** @throws VireoError `invalidArg`, `operationUnsupported` */
export function checkDump({ crash, reset, live, memoryOnly, format = "raw" }: Dump): void {
  const both = (one: string, other: string) =>
    virError("invalidArg", undefined, {
      message: `Flags 'VIR_DUMP_${one}' and 'VIR_DUMP_${other}' are mutually exclusive`,
    });
  if (crash === true && live === true) throw both("CRASH", "LIVE");
  if (crash === true && reset === true) throw both("CRASH", "RESET");
  if (live === true && reset === true) throw both("LIVE", "RESET");
  if (memoryOnly !== true && format !== "raw")
    throw virError(
      "operationUnsupported",
      "kdump-compressed format is only supported with memory-only dump",
    );
}

async function makeFile(path: string): Promise<void> {
  try {
    await (await open(path, "w", PRIVATE)).close();
  } catch (error) {
    throw hostError(`Failed to create file '${path}'`, error);
  }
}

/** QEMU refuses a format that it was built without. */
async function mustKnow(actor: DomainActor, format: string): Promise<void> {
  const answer = await actor.ask("query-dump-guest-memory-capability");
  const known = isMessage(answer) ? answer["formats"] : undefined;
  const wanted = format === "raw" ? "elf" : format;
  if (Array.isArray(known) && known.includes(wanted)) return;
  throw virError("invalidArg", `unsupported dumpformat '${wanted}' for this QEMU binary`);
}

async function dumpMemory(
  actor: DomainActor,
  { path, format = "raw" }: Dump,
  job: DomainJob,
): Promise<void> {
  await mustKnow(actor, format);
  await makeFile(path);
  await actor.ask("dump-guest-memory", {
    paging: false,
    protocol: `file:${path}`,
    detach: true,
    ...(format === "raw" ? {} : { format }),
  });
  for (;;) {
    const info = await actor.ask("query-dump");
    const { status, completed, total } = isMessage(info) ? info : {};
    if (typeof completed === "number" && typeof total === "number")
      job.report({
        memory_total: total,
        memory_processed: completed,
        memory_remaining: Math.max(0, total - completed),
      });
    if (status === "completed") return;
    if (status !== "active")
      throw virError("operationFailed", "memory-only dump failed for unknown reason");
    await sleep(LOOK_MS);
  }
}

async function dumpAll(
  env: QemuEnvironment,
  actor: DomainActor,
  { path, job }: { readonly path: string; readonly job: DomainJob },
): Promise<void> {
  const { live } = actor.view;
  if (live === undefined) throw virError("operationInvalid", "domain is not running");
  await makeFile(path);
  const directory = domainDirectory(env.paths, shortNameOf(live.id, live.config.name));
  const taking = { path: join(directory, "dump.sock"), job };
  await takeOut(actor.ask.bind(actor), taking, async (stream, confirm) => {
    await pipeline(stream, createWriteStream(path, { flags: "w", flush: true }));
    await confirm();
  });
}

/** As the job of the domain. A half dump is removed; the guest goes on as it was. */
export async function dumpTo(
  env: QemuEnvironment,
  actor: DomainActor,
  { job, ...dump }: Dump & { readonly job: DomainJob },
): Promise<void> {
  const ran = actor.view.state.state === "running";
  const { uuid } = actor.view;
  const note = { path: dump.path, ran };
  await env.journal.during({ uuid, operation: "dump", note }, async () => {
    try {
      actor.intent.pauseReason = "dump";
      if (ran && dump.live !== true) await actor.ask("stop");
      await (dump.memoryOnly === true
        ? dumpMemory(actor, dump, job)
        : dumpAll(env, actor, { ...dump, job }));
      if (dump.bypassCache === true) await forgetWritten(dump.path);
    } catch (error) {
      if (ran) await actor.run("unpaused").catch(() => undefined); // it may have ended
      await removeIfThere(dump.path).catch(() => undefined); // not there, or not ours to remove
      throw error;
    } finally {
      actor.intent.pauseReason = "user";
    }
    await goOn(actor, { ...dump, ran });
  });
}

async function goOn(actor: DomainActor, { crash, reset, ran }: Dump & { readonly ran: boolean }) {
  if (crash === true) return actor.end("crashed");
  if (reset === true) await actor.ask("system_reset");
  if (ran) await actor.run("unpaused");
}

/** After the daemon died: QEMU may write on, but nobody vouches for the file any more. */
export const recoverDump: Recovery = async ({ actor, note: { path, ran } }) => {
  if (typeof path === "string") await removeIfThere(path);
  if (actor.view.live === undefined) return "dump: the domain is off";
  if (ran !== true || actor.view.state.state !== "paused") return "dump undone";
  await actor.turn("resume", () => actor.run("unpaused"));
  return "dump undone: the domain runs again";
};
