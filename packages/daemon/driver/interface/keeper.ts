/**
 * What keeps the definitions of a host's interfaces: ifupdown, NetworkManager or systemd-networkd. A keeper reads
 * and changes files only as values, so that the driver can write several of them as one change and take it back; it
 * sets up and takes down what they define.
 */
import { virError, type VireoError } from "@vireo/model/error";
import type { HostInterface } from "@vireo/model/node/host-interface";
import { faultPoint } from "../../host/fault-point.ts";
import { execProgram } from "../../host/exec.ts";
import { isError } from "@vireo/model/error";

/** Texts by path. */
export type Files = ReadonlyMap<string, string>;

export interface InterfaceKeeper {
  readonly name: string;
  /** Permission bits of its files. */
  readonly mode: number;
  /** Its directories, in which a crash may leave a file half written. */
  readonly directories: readonly string[];
  /** Whether a file is the administrator's. */
  owns(path: string): boolean;
  /** Starting one interface puts every definition in force that has changed. */
  readonly startsAll: boolean;
  /** Everything that defines interfaces, also what is not ours to change. */
  files(): Promise<Files>;
  /** Names of all defined interfaces that are no ports of another. */
  names(files: Files): readonly string[];
  read(files: Files, name: string): HostInterface | undefined;
  /**
   * All files with this definition in place of that of every interface it is about.
   * @throws VireoError `operationUnsupported` for what it cannot hold, or what somebody else's file defines
   */
  define(files: Files, wanted: HostInterface): Files;
  /** All files without this definition, and without those of its ports. @throws VireoError as `define` */
  undefine(files: Files, name: string): Files;
  /** The definitions of these interfaces go, and some of them run. */
  leave(files: Files, names: readonly string[]): Promise<void>;
  /** Whether an interface that is up is so by its definition, and not merely watched. */
  hasSetUp(name: string): Promise<boolean>;
  /** @throws VireoError `operationFailed` */
  start(wanted: HostInterface): Promise<void>;
  /** @throws VireoError `operationFailed` */
  stop(running: HostInterface): Promise<void>;
  /** Reads its files again. */
  settle(): Promise<void>;
  /** A bridge, bond or VLAN that it has made, has no definition of any more, and that is not up, is to go. */
  forget(name: string): Promise<void>;
}

/** DHCP and waiting for links included. */
const SETUP_MS = 60_000;

export const unsupported = (detail: string): VireoError => virError("operationUnsupported", detail);

/** Runs a program that sets interfaces up. @throws VireoError `operationFailed` */
export async function setUp(program: string, args: readonly string[]): Promise<string> {
  faultPoint(`before ${program} ${args[0] ?? ""}`);
  const { stdout } = await execProgram(program, args, { timeoutMs: SETUP_MS }).catch(
    (error: unknown) => {
      if (isError(error, "systemError"))
        throw virError("operationFailed", `'${program}' cannot be run: is it installed?`);
      throw error;
    },
  );
  faultPoint(`after ${program} ${args[0] ?? ""}`);
  return stdout;
}

/** A kind's own part of a definition, and no other's: what an interface named only as a port is. */
export const ethernet = (name: string): HostInterface => ({ type: "ethernet", name });

/** Least delay in seconds that the kernel takes for a bridge with STP; what is refused leaves 15. */
const STP_DELAY = 2;

/** Seconds that a bridge is given. */
export const delayOf = ({
  stp,
  delay,
}: NonNullable<HostInterface["bridge"]>): number | undefined =>
  delay === undefined
    ? undefined
    : stp === true
      ? Math.max(Number(delay), STP_DELAY)
      : Number(delay);
