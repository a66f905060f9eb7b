/** A long operation during which an earlier daemon died, as found in the journal. */
import type { JournalEntry } from "../../state/job-journal.ts";
import type { DomainActor } from "./domain-actor.ts";
import type { DomainList } from "./domain-list.ts";
import type { QemuEnvironment } from "./environment.ts";

export interface Interrupted {
  readonly env: QemuEnvironment;
  readonly list: DomainList;
  readonly actor: DomainActor;
  readonly note: JournalEntry["note"];
}

/** Resolves to what became of the operation, in words. Runs after a running domain was taken over. */
export type Recovery = (interrupted: Interrupted) => Promise<string>;
