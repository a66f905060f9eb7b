/**
 * Program "remote" in parts. A command line makes three calls and ends: reading the declarations of all four hundred
 * procedures would take longer than everything else it does.
 */
import type { Program } from "./procedure.ts";
import type { remote, RemoteCallName } from "./remote.ts";
import { REMOTE_FACTS } from "./remote-facts.ts";
import { REMOTE_PART_NAMES } from "./remote-part-names.ts";

type Procedures = Program["procedures"];

const loaded = new Map<string, Procedures>();

const fileOf = (name: string): string | undefined =>
  REMOTE_PART_NAMES.map((line) => line.split(" ")).find((words) => words.includes(name, 1))?.[0];

// the part is only used for the call that it was asked for
const withProcedures = (procedures: Procedures): typeof remote =>
  ({ ...REMOTE_FACTS, procedures }) as typeof remote;

/** The part with that call, when it has been read before. */
export function knownRemotePart(name: RemoteCallName): typeof remote | undefined {
  const procedures = loaded.get(fileOf(name) ?? "");
  return procedures && withProcedures(procedures);
}

/** Reads the part with that call. @throws TypeError when there is no such call */
export async function remotePart(name: RemoteCallName): Promise<typeof remote> {
  const file = fileOf(name);
  if (file === undefined) throw new TypeError(`remote has no call '${name}'`);
  const exports = (await import(`./remote/${file}.ts`)) as Readonly<Record<string, Procedures>>;
  const [, procedures] =
    Object.entries(exports).find(([exported]) => exported.endsWith("Procedures")) ?? [];
  loaded.set(file, procedures ?? {});
  return withProcedures(procedures ?? {});
}
