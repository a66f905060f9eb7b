/** Starts the real QEMU with our arguments for the cases of qemu-args that it can run, up to its monitor's answer. */
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argvOf } from "@vireo/qemu/command/argument";
import type { QemuCommand } from "@vireo/qemu/command/command-line";
import type { GrantedFd } from "@vireo/qemu/command/fd-needs";
import { type PassedFd, signalProcess, spawnQemu } from "@vireo/qemu/process";
import { QmpClient } from "@vireo/qemu/qmp/client";
import { listenUnix } from "../../packages/daemon/host/unix-listener.ts";
import { readManifest } from "./manifest.ts";
import { type ArgsCase, translate } from "./qemu-args.ts";
import { adapted } from "./qemu-start-adapt.ts";
import { CORPUS } from "../harness/corpus.ts";

const BINARY = "/usr/bin/qemu-system-x86_64";
const ANSWER_MS = 20_000;

export interface StartResult {
  readonly id: string;
  readonly outcome: "answers" | "refuses" | "skipped";
  readonly detail: string;
}

/** Needs that this host cannot meet, whatever the arguments. */
const NEEDS = new Set<string>([
  "vhost-vdpa",
  "vhost-vsock",
  "vhost-scsi",
  "vhost-user-gpu",
  "tpm",
  "tpm-cancel",
  "slirp",
]);

function openFor(need: GrantedFd, dir: string): PassedFd {
  const as = need.fd;
  if (need.kind === "monitor" || need.kind === "listen")
    return { fd: listenUnix(join(dir, `${need.kind}${as}.sock`)), as };
  return { fd: openSync(join(dir, `file${as}`), "w"), as };
}

function withKey(command: QemuCommand, dir: string): QemuCommand {
  const key = join(dir, "master-key.aes");
  writeFileSync(key, randomBytes(32), { mode: 0o600 });
  const args = command.args
    .filter(({ value }) => value?.includes('"keyid":"masterKey0"') !== true)
    .map((arg) =>
      arg.value?.includes('"id":"masterKey0"') === true
        ? { ...arg, value: JSON.stringify({ ...JSON.parse(arg.value), file: key }) }
        : arg,
    );
  return { ...command, args };
}

/** Taps became a user network, so their descriptors are not passed. */
const isPassed = ({ kind }: GrantedFd): boolean => kind !== "tap" && kind !== "vhost-net";

async function start(command: QemuCommand, dir: string): Promise<string> {
  const logPath = join(dir, "log");
  const needs = command.passedFds.filter(isPassed);
  const monitor = needs.find(({ kind }) => kind === "monitor");
  const qemu = await spawnQemu({
    binary: BINARY,
    argv: argvOf(adapted(withKey(command, dir).args, dir)),
    env: { PATH: "/usr/bin:/bin", HOME: dir },
    cwd: dir,
    logPath,
    fds: needs.map((need) => openFor(need, dir)),
  });
  const died = qemu.exited.then(() => readFileSync(logPath, "utf8"));
  const answer = async (): Promise<string> => {
    const client = await QmpClient.connect(join(dir, `monitor${monitor?.fd ?? 0}.sock`), {
      timeoutMs: ANSWER_MS,
    });
    await client.execute("query-status", {}, { timeoutMs: ANSWER_MS });
    await client.execute("quit", {}, { timeoutMs: ANSWER_MS });
    client.close();
    return "";
  };
  try {
    return await Promise.race([answer().catch(async () => await died), died]);
  } finally {
    signalProcess(qemu, "SIGKILL");
    await qemu.exited;
  }
}

/** QEMU's words when the host lacks what the arguments rightly ask for. */
const HOST_LACKS = [
  /Could not open '\/dev\//,
  /requires kernel irqchip and X2APIC API support/,
  /phys-bits too low/,
];

export async function startCase(corpus: string, one: ArgsCase, root: string): Promise<StartResult> {
  const command = translate(corpus, "qemu-args", one);
  const missing = command.passedFds.find(({ kind }) => NEEDS.has(kind));
  if (missing !== undefined) return { id: one.id, outcome: "skipped", detail: missing.kind };
  const dir = join(root, String(one.id).slice(0, 40));
  mkdirSync(dir, { recursive: true });
  const words = await start(command, dir);
  if (words === "") return { id: one.id, outcome: "answers", detail: "" };
  const lacking = HOST_LACKS.some((pattern) => pattern.test(words));
  return { id: one.id, outcome: lacking ? "skipped" : "refuses", detail: words };
}

/** Runs the cases the manifest marks as accepted by QEMU 7.2 whose id contains `filter`. */
export async function runQemuStart(corpus: string, filter = ""): Promise<readonly StartResult[]> {
  const root = mkdtempSync(join(tmpdir(), "vireo-start-"));
  const results: StartResult[] = [];
  // processes of QEMU do not keep ours alive by themselves
  const alive = setInterval(() => undefined, 1000);
  try {
    for (const one of readManifest(corpus, "qemu-args") as readonly ArgsCase[]) {
      if (one.qemu72 !== "accepted" || one.expected === undefined || !one.id.includes(filter))
        continue;
      results.push(await startCase(corpus, one, root));
    }
  } finally {
    clearInterval(alive);
    rmSync(root, { recursive: true, force: true });
  }
  return results;
}

if (import.meta.main) {
  const [corpus = CORPUS, filter = ""] = process.argv.slice(2);
  const results = await runQemuStart(corpus, filter);
  for (const { id, outcome, detail } of results)
    if (outcome !== "answers") console.log(`${outcome} ${id}: ${detail}`);
  for (const outcome of ["answers", "refuses", "skipped"])
    console.log(`${outcome.padEnd(8)} ${results.filter((one) => one.outcome === outcome).length}`);
  if (results.some((one) => one.outcome === "refuses")) process.exitCode = 1;
}
