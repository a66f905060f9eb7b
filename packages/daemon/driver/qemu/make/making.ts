/** Making a domain together with its volumes: all of it, or nothing. */
import { explainError, virError } from "@vireo/model/error";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import type { Call, Followed, VolumeWork } from "../../contract.ts";
import { newUuid } from "../../../state/new-uuid.ts";
import type { Definitions } from "../definition.ts";
import type { QemuEnvironment } from "../environment.ts";
import { Undo } from "../undo.ts";
import { MadeVolumes } from "./made-volumes.ts";

/** What every step of a making needs. */
/** How far it is, in hundredths of steps that are alike. */
export interface Steps {
  /** So many there are. */
  of: (total: number) => void;
  /** Whoever does the next step is followed by this. @throws VireoError `operationAborted` when it was cancelled */
  next: () => Followed;
}

function countSteps({ signal, progress }: Followed): Steps {
  const WHOLE = 100;
  let [at, total] = [-1, 0];
  const tell = (part: number): void =>
    progress?.({ done: Math.round(at * WHOLE + part), total: total * WHOLE });
  return {
    of: (count) => {
      total = count;
    },
    next: () => {
      if (signal?.aborted === true) throw virError("operationAborted", "canceled by client");
      at += 1;
      tell(0);
      return {
        signal,
        progress: (of) => tell(of.total === 0 ? 0 : (of.done / of.total) * WHOLE),
      };
    },
  };
}

export interface Making {
  readonly definitions: Definitions;
  readonly volumeWork: VolumeWork;
  readonly volumes: MadeVolumes;
  readonly undo: Undo;
  readonly steps: Steps;
}

/** @throws VireoError `internalError` */
function volumeWorkOf({ volumeWork }: QemuEnvironment): VolumeWork {
  if (volumeWork === undefined) throw virError("internalError", "there is no storage driver");
  return volumeWork;
}

/** The journal's name of all that is done here: what was made goes, unless a domain came to be that has it. */
export const MAKING = "making";

/** Does the work; when a step fails, those before it are undone. @throws VireoError */
export async function making(
  definitions: Definitions,
  call: Call,
  work: (making: Making) => Promise<DomainIdentity>,
): Promise<DomainIdentity> {
  const { env } = definitions;
  const { journal, log } = env;
  const volumeWork = volumeWorkOf(env);
  const entry = { uuid: newUuid(), operation: MAKING };
  const undo = new Undo();
  const volumes = new MadeVolumes(volumeWork, undo, { journal, entry });
  try {
    return await work({ definitions, volumeWork, volumes, undo, steps: countSteps(call) });
  } catch (error) {
    await undo.run((what, fault) => log.error(`cannot take back ${what}: ${explainError(fault)}`));
    throw error;
  } finally {
    await journal.remove(entry);
  }
}
