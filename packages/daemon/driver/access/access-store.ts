/** Users and tokens on disk: `lib/access/access.json`, for the daemon's user only. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { list, optional, count, record, text, truth } from "@vireo/model/operation/value";
import type { ValueType } from "@vireo/model/operation/value";
import { writeFileAtomically } from "../../host/file.ts";
import type { Paths } from "../../host/paths.ts";
import { readKept } from "../../state/kept-file.ts";

const keptUser = record({ name: text, readOnly: truth, password: text });
const keptToken = record({
  name: text,
  readOnly: truth,
  sha256: text,
  scopes: optional(list(text)),
  expiresAt: optional(count),
});
const keptAccess = record({ users: list(keptUser), tokens: list(keptToken) });

export type KeptUser = ValueType<typeof keptUser>;
export type KeptToken = ValueType<typeof keptToken>;
export type KeptAccess = ValueType<typeof keptAccess>;

const EMPTY: KeptAccess = { users: [], tokens: [] };

export class AccessStore {
  readonly #folder: string;
  readonly #path: string;

  constructor({ lib }: Pick<Paths, "lib">) {
    this.#folder = join(lib, "access");
    this.#path = join(this.#folder, "access.json");
  }

  /**
   * What was kept; of a damaged file the revision before it, and nobody when that is damaged too.
   * `report` hears of damage. @throws VireoError `systemError`
   */
  async load(report: (path: string, fault: unknown) => void): Promise<KeptAccess> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const kept = await readKept(this.#path, (json) =>
      keptAccess.check(JSON.parse(json), this.#path),
    );
    if (kept === undefined) return EMPTY;
    if (kept.from !== "present") report(this.#path, kept.fault);
    return kept.from === "nowhere" ? EMPTY : kept.value;
  }

  /** @throws VireoError `systemError` */
  async save(access: KeptAccess): Promise<void> {
    const json = `${JSON.stringify(access, undefined, 2)}\n`;
    await writeFileAtomically(this.#path, json, { keepPrevious: true });
  }
}
