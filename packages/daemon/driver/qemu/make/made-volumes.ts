/** Volumes that are made for a domain: written down before, and taken back when the domain does not come to be. */
import { isError, virError } from "@vireo/model/error";
import { parseVolume } from "@vireo/model/storage/parse-volume";
import type { DomainVolume, VolumeWork } from "../../contract.ts";
import type { JobJournal, JournalEntry } from "../../../state/job-journal.ts";
import type { Undo } from "../undo.ts";

export interface NotedVolume {
  readonly pool: string;
  readonly name: string;
}

type Wish = Parameters<VolumeWork["make"]>[0];

export class MadeVolumes {
  readonly #work: VolumeWork;
  readonly #undo: Undo;
  readonly #note: (volumes: readonly NotedVolume[]) => Promise<void>;
  #made: readonly NotedVolume[] = [];

  constructor(
    work: VolumeWork,
    undo: Undo,
    journal: { readonly journal: JobJournal; readonly entry: Omit<JournalEntry, "note"> },
  ) {
    this.#work = work;
    this.#undo = undo;
    this.#note = (volumes) => journal.journal.write({ ...journal.entry, note: { volumes } });
  }

  /** @throws VireoError `storageVolExist` and more; then nothing of it is left */
  async make(wish: Wish): Promise<DomainVolume> {
    const { name } = parseVolume("dir", wish.xml, { capacity: "none" });
    const volume = { pool: wish.pool, name };
    if (this.#isKnown(volume)) throw virError("storageVolExist", `'${name}'`);
    this.#made = [...this.#made, volume];
    // before: a daemon that dies while it is made finds it
    await this.#note(this.#made);
    const made = await this.#work.make(wish);
    this.#undo.add(`volume '${name}'`, () => this.#work.remove(volume));
    return made;
  }

  /** One that is there already is nobody's to remove later. */
  #isKnown(volume: NotedVolume): boolean {
    try {
      this.#work.find(volume);
      return true;
    } catch (error) {
      if (isError(error, "noStorageVol")) return false;
      throw error;
    }
  }
}
