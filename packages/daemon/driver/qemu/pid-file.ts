/** `NAME.pid` beside a domain's status: where scripts of administrators look for its process. We do not. */
import { join } from "node:path";
import { removeIfThere, writeFileAtomically } from "../../host/file.ts";
import type { Paths } from "../../host/paths.ts";
import type { Undo } from "./undo.ts";

const pidPath = ({ status }: Paths, name: string): string => join(status, `${name}.pid`);

/** @throws VireoError `systemError` */
export async function notePid(
  paths: Paths,
  { name, pid }: { name: string; pid: number },
  undo: Undo,
): Promise<void> {
  undo.add("pid file", () => removePid(paths, name));
  await writeFileAtomically(pidPath(paths, name), `${pid}\n`, { mode: 0o644, durable: false });
}

/** @throws VireoError `systemError` */
export const removePid = (paths: Paths, name: string): Promise<void> =>
  removeIfThere(pidPath(paths, name));
