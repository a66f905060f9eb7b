/** Touches storage in a process that can be killed; see `hand-main.ts`. */
import { join } from "node:path";
import { explainError, systemError, virError } from "@vireo/model/error";
import { errnoError } from "../../host/errno.ts";
import { execProgram, type ExecOptions } from "../../host/exec.ts";
import { faultPoint } from "../../host/fault-point.ts";
import type { Command } from "./command.ts";
import { HandPool, HandTimeout } from "./hand-pool.ts";
import type { HandAnswers, HandReply, HandRequest } from "./hand-protocol.ts";

const hands = new HandPool(join(import.meta.dirname, "hand-main.ts"));
/** Looking at a directory of thousands of images takes less than this. */
const TIMEOUT_MS = 20_000;

/** Requests that change nothing. */
const LOOKS: ReadonlySet<HandRequest["verb"]> = new Set(["scan", "look", "units", "trigger"]);

/**
 * `what` says what is attempted, for the error.
 * @throws VireoError `systemError`, `operationTimeout` when storage does not answer in time
 */
export async function askHand<R extends HandRequest>(
  request: R,
  what: string,
): Promise<HandAnswers[R["verb"]]> {
  const step = LOOKS.has(request.verb) ? undefined : `${request.verb} ${request.path}`;
  if (step !== undefined) faultPoint(`before ${step}`);
  const answer = await hands.ask(JSON.stringify(request), TIMEOUT_MS).catch((cause: unknown) => {
    const code = cause instanceof HandTimeout ? "operationTimeout" : "internalError";
    throw virError(code, `${what}: ${explainError(cause)}`, { cause });
  });
  const reply = JSON.parse(answer) as HandReply; // written by our own program
  if (step !== undefined) faultPoint(`after ${step}`);
  if (reply.ok) return reply.answer as HandAnswers[R["verb"]];
  if (reply.errno > 0) throw errnoError(what, reply.errno);
  throw systemError(what, { errno: 0, reason: reply.reason });
}

/** LVM's tools complain of every descriptor that whoever started the daemon forgot to close. */
const LVM = { LVM_SUPPRESS_FD_WARNINGS: "1" } as const;

/** Runs a program on storage. @throws VireoError `internalError` with what it said */
export async function runCommand(
  [program, ...args]: Command,
  {
    timeoutMs = TIMEOUT_MS,
    ...options
  }: Pick<ExecOptions, "timeoutMs" | "input" | "signal" | "onOutput"> = {},
): Promise<string> {
  const step = [program, ...args].join(" ");
  faultPoint(`before ${step}`);
  try {
    const { stdout } = await execProgram(program, args, {
      timeoutMs,
      env: LVM,
      ...options,
    });
    faultPoint(`after ${step}`);
    return stdout;
  } catch (error) {
    if (error instanceof Error && isMissing(error))
      throw virError("internalError", `'${program}' is not installed on this host`, {
        cause: error,
      });
    throw error;
  }
}

const isMissing = ({ cause }: Error): boolean =>
  cause instanceof Error && "code" in cause && cause.code === "ENOENT";
