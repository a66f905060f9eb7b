/** Runs a QEMU binary without a machine and asks what it can do. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import { QmpClient } from "../qmp/client.ts";
import { QmpError } from "../qmp/qmp-error.ts";
import type { CapabilityData } from "./capabilities.ts";
import { capabilitiesFromAnswers } from "./from-answers.ts";
import {
  ACCELERATOR_QUESTIONS,
  BINARY_QUESTIONS,
  followUps,
  subjectOf,
  type Answers,
  type Question,
} from "./question.ts";

/** For one run of the binary, from start to its last answer. */
const RUN_TIMEOUT_MS = 15_000;
const STDERR_LIMIT = 4096;

const keyOf = ({ execute, arguments: args }: Question): string => `${execute} ${subjectOf(args)}`;

/** Asks all `questions`, and then those that their answers raise. */
async function ask(client: QmpClient, questions: readonly Question[]): Promise<Answers> {
  const answers = new Map<string, unknown>();
  const told: Answers = (execute, subject = "") => answers.get(`${execute} ${subject}`);
  await put(client, questions, answers);
  await put(client, followUps(told), answers);
  return told;
}

async function put(
  client: QmpClient,
  questions: readonly Question[],
  answers: Map<string, unknown>,
): Promise<void> {
  for (const question of questions) {
    const { execute, arguments: args } = question;
    const answer = await client
      .execute(execute, args, { timeoutMs: RUN_TIMEOUT_MS })
      .catch(refused);
    answers.set(keyOf(question), answer);
  }
}

/** An older binary does not know every question, and that is an answer. */
const refused = (error: unknown): undefined => {
  if (!(error instanceof QmpError)) throw error;
};

const argv = (accelerators: string, socket: string): string[] => [
  "-S",
  "-no-user-config",
  "-nodefaults",
  "-nographic",
  "-machine",
  `none,accel=${accelerators}`,
  "-chardev",
  `socket,id=m,path=${socket}`,
  "-mon",
  "chardev=m,mode=control",
];

/** Lets the emulator connect to us, so that nobody has to wait for its socket to appear. */
async function run(
  binary: string,
  accelerators: string,
  questions: readonly Question[],
): Promise<Answers> {
  const dir = await mkdtemp(join(tmpdir(), "vireo-probe-"));
  const server = createServer();
  const deadline = AbortSignal.timeout(RUN_TIMEOUT_MS);
  try {
    const connected = new Promise<Socket>((resolve) => void server.once("connection", resolve));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(join(dir, "qmp"), resolve);
    });
    const child = spawn(binary, argv(accelerators, join(dir, "qmp")), {
      stdio: ["ignore", "ignore", "pipe"],
      signal: deadline,
      killSignal: "SIGKILL",
      cwd: dir,
    });
    let words = "";
    child.stderr.on(
      "data",
      (chunk: Buffer) => (words = (words + chunk.toString()).slice(-STDERR_LIMIT)),
    );
    const failed = new Promise<never>((_resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => reject(new Error(words.trim() || "ended without a word")));
    });
    failed.catch(() => undefined); // after the answers nobody waits for the end
    const client = await QmpClient.connect(await Promise.race([connected, failed]));
    const answers = await Promise.race([ask(client, questions), failed]);
    await client.execute("quit").catch(() => undefined);
    client.close();
    return answers;
  } finally {
    server.close();
    await rm(dir, { recursive: true, force: true });
  }
}

const wasEnabled = (answers: Answers): boolean => {
  const kvm = answers("query-kvm");
  return typeof kvm === "object" && kvm !== null && "enabled" in kvm && kvm.enabled === true;
};

/**
 * Asks the binary itself, under KVM where the host offers it and under TCG.
 * @throws VireoError `internalError` with QEMU's own words when it cannot be asked
 */
export async function probeQemu(binary: string): Promise<CapabilityData> {
  try {
    const answers = await run(binary, "kvm:tcg", [...BINARY_QUESTIONS, ...ACCELERATOR_QUESTIONS]);
    const tcg = wasEnabled(answers) ? await run(binary, "tcg", ACCELERATOR_QUESTIONS) : answers;
    return capabilitiesFromAnswers(binary, answers, tcg);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw virError("internalError", `Failed to probe QEMU binary '${binary}': ${why}`, {
      from: 10,
      cause,
    });
  }
}
