/** Names of users and groups, from wherever this host has them. */
import { execProgram } from "./exec.ts";

/** A directory in the network may be slow. */
const TIMEOUT_MS = 2000;

const nameIn = (database: "passwd" | "group", id: number): Promise<string | undefined> =>
  execProgram("getent", [database, String(id)], { timeoutMs: TIMEOUT_MS }).then(
    ({ stdout }) => stdout.split(":")[0],
    () => undefined,
  );

/** `undefined` when nobody has that number, or nobody answers in time. */
export const userName = (uid: number): Promise<string | undefined> => nameIn("passwd", uid);
/** The same of a group. */
export const groupName = (gid: number): Promise<string | undefined> => nameIn("group", gid);
