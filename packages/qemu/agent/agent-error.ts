/** What can go wrong when talking to a guest agent, in the words of the catalogue: the one place for it. */
import { virError, type VireoError } from "@vireo/model/error";
import { isMessage } from "../qmp/parse-message.ts";

/** `VIR_FROM_QEMU`. */
const from = 10;

/** Nothing came in time: the guest runs no agent, or hangs. */
export const agentSilent = (command: string, ms: number): VireoError =>
  virError("agentUnresponsive", "Guest agent not available for now", {
    from,
    cause: new Error(`no answer to '${command}' within ${Math.round(ms)} ms`),
  });

export const agentBusy = (waiting: number): VireoError =>
  virError("agentUnresponsive", `${waiting} commands wait for it already`, { from });

export const agentGone = (why: string, cause?: unknown): VireoError =>
  virError("agentUnresponsive", "Guest agent disappeared while executing command", {
    from,
    cause: new Error(why, cause === undefined ? {} : { cause }),
  });

/** The agent refused; its words are the guest's, so their length is limited. */
export function agentRefused(command: string, error: unknown): VireoError {
  const WORDS_LIMIT = 1000;
  const text = isMessage(error) ? error["desc"] : undefined;
  const words = typeof text === "string" ? text.slice(0, WORDS_LIMIT) : "it gave no reason";
  const detail = `unable to execute QEMU agent command '${command}': ${words}`;
  return virError("internalError", detail, { from });
}

export const agentGarbled = (command: string, cause: unknown): VireoError =>
  virError("internalError", `the guest agent's answer to '${command}' makes no sense`, {
    from,
    cause,
  });
