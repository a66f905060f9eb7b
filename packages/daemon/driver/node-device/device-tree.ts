/** The host's devices as the kernel shows them in sysfs, below a root that tests can give. */
import { existsSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { explainError, systemError, virError, type VireoError } from "@vireo/model/error";
import { CarefulReader } from "../../host/careful-reader.ts";
import type { DeviceRoots } from "../../host/device-roots.ts";
import { execProgram } from "../../host/exec.ts";
import { faultPoint } from "../../host/fault-point.ts";

/** How long a driver may take to let go of a device or to take it. */
const WRITE_MS = Number(process.env["VIREO_SYSFS_MS"] ?? 20_000);
/** The kernel gives a page. */
const TEXT_BYTES = 4096;
const CONFIG_BYTES = 256;

/**
 * What is asked of directories and links is answered at once: no driver takes part in it, and a host with thousands of
 * devices would wait long for as many turns of Node's threads.
 */
function answer<T>(ask: () => T): Promise<T | undefined> {
  try {
    return Promise.resolve(ask());
  } catch {
    return Promise.resolve(undefined); // it is not there
  }
}

export class DeviceTree {
  readonly roots: DeviceRoots;
  readonly #reader: CarefulReader;

  /** @param onHang is told of an attribute whose read does not end */
  constructor(roots: DeviceRoots, onHang: (path: string) => void = () => undefined) {
    this.roots = roots;
    this.#reader = new CarefulReader(onHang);
  }

  /** A path below /sys, where it is now. */
  at(path: string): string {
    return join(this.roots.sys, path);
  }

  /** The path as the kernel knows it. */
  shown(real: string): string {
    return real.startsWith(this.roots.sys) ? `/sys${real.slice(this.roots.sys.length)}` : real;
  }

  /** Text of an attribute, without the line's end; undefined when it is not there, empty, or not to be had. */
  async text(directory: string, name: string): Promise<string | undefined> {
    const bytes = await this.#read(join(directory, name), TEXT_BYTES);
    const text = bytes?.toString("utf8").trim();
    return text === "" ? undefined : text;
  }

  async number(directory: string, name: string, base = 10): Promise<number | undefined> {
    const text = await this.text(directory, name);
    const number = text === undefined ? Number.NaN : Number.parseInt(text, base);
    return Number.isNaN(number) ? undefined : number;
  }

  /** Last part of what a link leads to. */
  async link(directory: string, name: string): Promise<string | undefined> {
    const target = await this.target(join(directory, name));
    return target === undefined ? undefined : basename(target);
  }

  /** What a link says, relative to where it lies. */
  target(path: string): Promise<string | undefined> {
    return answer(() => readlinkSync(path));
  }

  /** Names in a directory, sorted; none when it is not there. */
  async names(directory: string): Promise<readonly string[]> {
    return (await answer(() => readdirSync(directory)))?.toSorted() ?? [];
  }

  /** Names of what is a directory itself, no link to one. */
  async directories(directory: string): Promise<readonly string[]> {
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    return entries.flatMap((entry) => (entry.isDirectory() ? entry.name : []));
  }

  /** The first bytes of a PCI device's configuration. */
  config(directory: string): Promise<Buffer> {
    return this.bytes(join(directory, "config"), CONFIG_BYTES);
  }

  /** Bytes that a file says it has; 0 when it is not there. */
  async size(path: string): Promise<number> {
    return (await answer(() => statSync(path)))?.size ?? 0;
  }

  /** Whether a path leads to something. */
  isThere(path: string): Promise<boolean> {
    return Promise.resolve(existsSync(path));
  }

  /** At most so many bytes of a file; none when it cannot be read. */
  async bytes(path: string, limit: number): Promise<Buffer> {
    return (await this.#read(path, limit)) ?? Buffer.alloc(0);
  }

  #read(path: string, limit: number): Promise<Buffer | undefined> {
    return existsSync(path) ? this.#reader.read(path, limit) : Promise.resolve(undefined);
  }

  /**
   * Writes an attribute, in another process: a driver that is to let go of its device may take for ever.
   * @throws VireoError `systemError`; `operationTimeout` when the kernel does not answer in time
   */
  async write(path: string, text: string): Promise<void> {
    const what = `Unable to write '${text.trim()}' to '${this.shown(path)}'`;
    faultPoint(`before ${what}`);
    try {
      await execProgram("tee", ["--", path], { input: text, timeoutMs: WRITE_MS });
    } catch (cause) {
      throw writeError(what, cause);
    }
    faultPoint(`after ${what}`);
  }
}

function writeError(what: string, cause: unknown): VireoError {
  const said = explainError(cause);
  if (said.includes("did not end within"))
    return virError(
      "operationTimeout",
      `${what}: the kernel does not answer; the driver of the device does not let go of it`,
      { cause },
    );
  return systemError(what, { errno: 0, reason: said.split(": ").at(-1) ?? said, cause });
}
