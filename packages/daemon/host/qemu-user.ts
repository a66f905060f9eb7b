/** The user that QEMU runs as. */
import { userInfo } from "node:os";
import { execProgram } from "./exec.ts";

export interface QemuUser {
  /** Known by name: then its other groups count too. */
  readonly named: boolean;
  readonly uid: number;
  readonly gid: number;
}

const NUMBER = /^\+?(\d+)$/;

async function idOf(database: "passwd" | "group", name: string): Promise<number> {
  const [, number] = NUMBER.exec(name) ?? [];
  if (number !== undefined) return Number(number);
  const { stdout } = await execProgram("getent", [database, "--", name]).catch((cause: unknown) => {
    throw new TypeError(
      `--qemu-user: there is no ${database === "group" ? "group" : "user"} '${name}'`,
      { cause },
    );
  });
  return Number(stdout.split(":")[2]);
}

const groupOf = async (name: string): Promise<number> => {
  const { stdout } = await execProgram("id", ["--group", "--", name.replace(/^\+/, "")]);
  return Number(stdout);
};

/**
 * From `USER` or `USER:GROUP`, names or numbers; `undefined` when that is who we are.
 * @throws TypeError when there is no such user or group
 */
export async function qemuUser(wanted: string): Promise<QemuUser | undefined> {
  const [name = "", group] = wanted.split(":");
  const uid = await idOf("passwd", name);
  const gid = group === undefined ? await groupOf(name) : await idOf("group", group);
  const we = userInfo();
  return we.uid === uid && we.gid === gid ? undefined : { named: !NUMBER.test(name), uid, gid };
}

/** How a program is run as that user: with its groups, and without our rights. */
export const asUser = ({ named, uid, gid }: QemuUser): readonly string[] => [
  "--reuid",
  String(uid),
  "--regid",
  String(gid),
  named ? "--init-groups" : "--clear-groups",
  "--",
];
