/** Runs libguestfs's programs, whose appliance reads file systems in a guest of its own. */
import { spawn } from "node:child_process";
import { CommandError } from "../../answer.ts";
import type { Connection } from "../../connection.ts";
import type { ChosenDisk } from "./disk-choice.ts";

/** Without KVM the appliance needs ten seconds to come up, and large copies take their time. */
const TIMEOUT_MS = 30 * 60_000;
const OUTPUT_LIMIT = 256 << 20;

/** The appliance believes in /dev/kvm; the daemon has tried it. */
async function settings(connection: Connection): Promise<Readonly<Record<string, string>>> {
  const { capabilities } = await connection.call("connectGetCapabilities");
  const kvm = capabilities.includes("<domain type='kvm'");
  return {
    LIBGUESTFS_BACKEND: "direct",
    ...(kvm ? {} : { LIBGUESTFS_BACKEND_SETTINGS: "force_tcg" }),
  };
}

export const diskOptions = (disks: readonly ChosenDisk[]): readonly string[] =>
  disks.flatMap(({ path, format }) => [
    format === undefined ? "--format" : `--format=${format}`,
    "-a",
    path,
  ]);

/**
 * What the program prints.
 * @param interactive it has the terminal, and prints there
 * @throws CommandError with what it said, or which package is missing
 */
export async function runLibguestfs(
  connection: Connection,
  [program, ...args]: readonly [string, ...(readonly string[])],
  { interactive = false } = {},
): Promise<string> {
  const env = { ...process.env, ...(await settings(connection)) };
  const child = spawn(program, args, {
    env,
    stdio: interactive ? "inherit" : ["ignore", "pipe", "pipe"],
    ...(interactive ? {} : { timeout: TIMEOUT_MS }),
  });
  const out: Buffer[] = [];
  let size = 0;
  let said = "";
  child.stdout?.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size > OUTPUT_LIMIT) child.kill("SIGKILL");
    else out.push(piece);
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-4000);
  });
  return await new Promise((resolve, reject) => {
    child.on("error", (error) =>
      reject(
        new CommandError(
          "code" in error && error.code === "ENOENT"
            ? `'${program}' is not installed on this host: it is in Debian's libguestfs-tools`
            : `cannot run '${program}': ${error.message}`,
        ),
      ),
    );
    child.on("close", (code, signal) => {
      if (code === 0) resolve(Buffer.concat(out).toString("utf8"));
      else
        reject(
          new CommandError(said.trim() || `'${program}' ended with ${code ?? String(signal)}`),
        );
    });
  });
}
