/**
 * A host's devices as sysfs shows them, emulated: a plain directory is shown through FUSE, and what is written to the
 * shown files takes effect as in the kernel before the write returns: `unbind`, `bind`, `driver_override`,
 * `drivers_probe`, `sriov_numvfs`, `create` and `remove` of mediated devices. For hardware that no test machine has.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { endAtExit } from "./left-over.ts";

const SERVER = join(import.meta.dirname, "emulated-kernel-main.ts");
const MOUNT_MS = 20_000;

export type Attributes = Readonly<Record<string, string | Buffer>>;

export class EmulatedKernel {
  /** Everything below it: `sys`, `dev`, `udev`, `mdevctl.d`, `pci.ids`. */
  readonly root = mkdtempSync(join(tmpdir(), "vireo-kernel-"));
  /** Where it is shown as sysfs. */
  readonly sys = join(this.root, "sys");
  /** The same as a plain directory: who changes it here is the hardware. */
  readonly tree = join(this.root, "tree");
  readonly #log = join(this.root, "writes");
  #server: ChildProcess | undefined;
  #forget: (() => void) | undefined;

  private constructor() {
    for (const name of ["sys", "tree", "dev", "udev", "mdevctl.d"])
      mkdirSync(join(this.root, name));
    for (const name of [".native", "bus/pci/devices", "bus/pci/drivers", "class/net"])
      mkdirSync(join(this.tree, name), { recursive: true });
    writeFileSync(join(this.tree, "bus/pci/drivers_probe"), "");
    writeFileSync(this.#log, "");
  }

  /** Why there can be none here, for a test to skip with; undefined when there can. */
  static missing(): string | undefined {
    if (process.getuid?.() !== 0) return "an emulated kernel needs root";
    return existsSync("/dev/fuse") ? undefined : "this kernel has no FUSE";
  }

  /**
   * @param beneath is shown where the tree has nothing: `/sys`
   * @throws Error when it is not mounted in time
   */
  static async started(beneath?: string): Promise<EmulatedKernel> {
    const kernel = new EmulatedKernel();
    await kernel.#start(beneath);
    return kernel;
  }

  async #start(beneath: string | undefined): Promise<void> {
    const words = [
      SERVER,
      this.tree,
      this.sys,
      this.#log,
      ...(beneath === undefined ? [] : [beneath]),
    ];
    const server = spawn(process.execPath, words, {
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    this.#server = server;
    this.#forget = endAtExit(() => this.#endNow());
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("sysfs is not mounted")), MOUNT_MS);
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        then();
      };
      server.stdout.once("data", () => settle(resolve));
      server.on("exit", (code) => settle(() => reject(new Error(`it ended with ${code}`))));
    });
    server.unref();
  }

  /** A directory with attributes. */
  put(directory: string, attributes: Attributes = {}): string {
    mkdirSync(join(this.tree, directory), { recursive: true });
    for (const [name, value] of Object.entries(attributes)) {
      mkdirSync(dirname(join(this.tree, directory, name)), { recursive: true });
      writeFileSync(
        join(this.tree, directory, name),
        typeof value === "string" ? `${value}\n` : value,
      );
    }
    return directory;
  }

  /** A link from one path of the tree to another. */
  link(path: string, target: string): void {
    const from = join(this.tree, path);
    mkdirSync(dirname(from), { recursive: true });
    rmSync(from, { force: true });
    symlinkSync(relative(dirname(from), join(this.tree, target)), from);
  }

  /** The kernel has this driver of PCI devices. */
  addDriver(name: string): void {
    const directory = `bus/pci/drivers/${name}`;
    if (existsSync(join(this.tree, directory))) return;
    this.put(directory, { bind: "", unbind: "", new_id: "", remove_id: "" });
  }

  /** The driver a PCI device has now. */
  driverOf(address: string): string | undefined {
    const link = join(this.tree, "bus/pci/devices", address, "driver");
    return existsSync(link) ? basename(readlinkSync(link)) : undefined;
  }

  /** What was written so far, `PATH=TEXT`. */
  get writes(): readonly string[] {
    return readFileSync(this.#log, "utf8").split("\n").slice(0, -1);
  }

  /** A write to this path does not return, not even for SIGKILL, as long as this kernel runs. */
  stick(path: string): void {
    writeFileSync(`${this.#log}.stuck`, `/${path}\n`);
  }

  async cleanUp(): Promise<void> {
    const server = this.#server;
    const ended =
      server === undefined || server.exitCode !== null || server.signalCode !== null
        ? Promise.resolve()
        : new Promise((resolve) => server.once("exit", resolve));
    this.#forget?.();
    this.#endNow();
    await ended;
  }

  /** Whoever waits for it is released when its server ends. */
  #endNow(): void {
    this.#server?.kill("SIGKILL");
    spawnSync("umount", ["-l", this.sys], { timeout: 10_000 });
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
