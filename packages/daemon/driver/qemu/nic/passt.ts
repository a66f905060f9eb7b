/** passt: the process that takes a card's packets into the host's sockets. It ends when its QEMU lets go of it. */
import { chmod, chown, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Interface } from "@vireo/model/domain/device/interface";
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import { explainError, virError } from "@vireo/model/error";
import { execProgram } from "../../../host/exec.ts";
import type { Paths } from "../../../host/paths.ts";
import { commandLineOf, processIdentity, signalProcess } from "../../../host/process.ts";
import type { QemuUser } from "../../../host/qemu-user.ts";
import type { Companion } from "../domain-view.ts";
import type { Undo } from "../undo.ts";

type UserNet = Extract<Interface, { type: "user" }>;
type Forward = NonNullable<Interface["portForwards"]>[number];
type Range = NonNullable<Forward["ranges"]>[number];

/** It does not run as root; whose it is then. */
const NOBODY = 65534;

/** Names below may be used by who knows them. */
const PASSABLE = 0o711;

/** Where its sockets lie: QEMU is told the same. */
export const passtDirectory = ({ run }: Pick<Paths, "run">): string => join(run, "qemu/passt");

function rangeWord({ start, end, to, exclude }: Range): string {
  const last = end === undefined ? "" : `-${end}`;
  if (exclude === true) return `~${start}${last}`;
  if (to === undefined) return `${start}${last}`;
  return `${start}${last}:${to}${end === undefined ? "" : `-${to + end - start}`}`;
}

function forwardWords({ proto, address = "", dev, ranges = [] }: Forward): readonly string[] {
  const at = dev === undefined ? address : `${address}%${dev}`;
  const which = ranges.length === 0 ? "all" : ranges.map(rangeWord).join(",");
  return [`--${proto}-ports`, at === "" ? which : `${at}/${which}`];
}

/** What passt is told of a card. */
export const passtWords = ({
  backend,
  source,
  ips = [],
  portForwards = [],
  mtu,
}: UserNet): readonly string[] => [
  ...(backend?.logFile === undefined ? [] : ["--log-file", backend.logFile]),
  ...(source?.dev === undefined ? [] : ["--interface", source.dev]),
  ...(mtu?.size === undefined ? [] : ["--mtu", String(mtu.size)]),
  ...ips.flatMap(({ address, prefix, family }) => [
    "--address",
    address,
    ...(prefix === undefined || family === "ipv6" ? [] : ["--netmask", String(prefix)]),
  ]),
  ...portForwards.flatMap(forwardWords),
];

const isPasst = (net: Interface): net is UserNet =>
  net.type === "user" && net.backend?.type === "passt";

interface Host {
  readonly paths: Pick<Paths, "run">;
  /** Of the guest's run. */
  readonly shortName: string;
  readonly user?: QemuUser | undefined;
}

async function startOne(net: UserNet, { paths, shortName, user }: Host, undo: Undo) {
  const directory = passtDirectory(paths);
  const base = join(directory, `${shortName}-${net.alias?.name ?? ""}`);
  const { uid, gid } = user ?? { uid: NOBODY, gid: NOBODY };
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await chmod(dirname(directory), PASSABLE);
  await chown(directory, uid, gid);
  undo.add(`passt ${base}`, () => rm(`${base}.socket`, { force: true }));
  undo.add(`passt ${base}`, () => rm(`${base}.pid`, { force: true }));
  const how = ["--one-off", "--quiet", "--runas", `${uid}:${gid}`];
  const files = ["--socket", `${base}.socket`, "--pid", `${base}.pid`];
  // it goes into the background when it serves
  await execProgram("passt", [...how, ...files, ...passtWords(net)]).catch((cause: unknown) => {
    throw virError("operationFailed", `Could not start 'passt': ${explainError(cause)}`, { cause });
  });
  const identity = processIdentity(Number(await readFile(`${base}.pid`, "utf8")));
  if (identity === undefined) throw virError("internalError", "passt ended at once");
  undo.add("passt", () => signalProcess(identity, "SIGTERM"));
  return { name: "passt", ...identity };
}

/** @throws VireoError `operationFailed` with what it said */
export async function startPassts(
  { devices }: ResolvedDomain,
  host: Host,
  undo: Undo,
): Promise<readonly Companion[]> {
  const companions: Companion[] = [];
  for (const net of (devices.interfaces ?? []).filter(isPasst))
    companions.push(await startOne(net, host, undo));
  return companions;
}

const PID_FILE = /^(\d+-.*)-[^-]+\.pid$/;

/** Those of guests that do not run. @param running their short names */
export async function sweepPassts(
  paths: Pick<Paths, "run">,
  running: ReadonlySet<string>,
): Promise<readonly string[]> {
  const directory = passtDirectory(paths);
  const swept: string[] = [];
  for (const file of await readdir(directory).catch(() => [])) {
    const shortName = PID_FILE.exec(file)?.[1];
    if (shortName === undefined || running.has(shortName)) continue;
    const base = join(directory, file.slice(0, -".pid".length));
    const pid = Number(await readFile(`${base}.pid`, "utf8"));
    const identity = processIdentity(pid);
    if (identity !== undefined && (await commandLineOf(pid)).includes(`${base}.socket`)) {
      signalProcess(identity, "SIGTERM");
      swept.push(`passt ${pid}`);
    }
    for (const end of ["socket", "pid"]) await rm(`${base}.${end}`, { force: true });
  }
  return swept;
}

/** What it leaves behind when its guest has ended. @param alias of one card; of all when absent */
export async function clearPassts(
  paths: Pick<Paths, "run">,
  shortName: string,
  alias?: string,
): Promise<void> {
  const directory = passtDirectory(paths);
  const prefix = `${shortName}-${alias === undefined ? "" : `${alias}.`}`;
  for (const file of await readdir(directory).catch(() => []))
    if (file.startsWith(prefix)) await rm(join(directory, file), { force: true });
}
