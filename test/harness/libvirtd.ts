/** The real libvirtd of this machine, in namespaces of its own: the measure for what clients may expect. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, watch, writeFileSync } from "node:fs";
import { mkdirSync } from "node:fs";
import { connect, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endAtExit } from "./left-over.ts";

const SCRIPT = join(import.meta.dirname, "private-libvirtd.sh");
const LIBVIRTD = "/usr/sbin/libvirtd";
const READY_TIMEOUT_MS = 30_000;
const RETRY_MS = 10;

export interface LibvirtdOptions {
  /** Also by TCP or TLS, as the settings say, within its own network. */
  readonly listen?: boolean;
  /** Lines for libvirtd.conf. */
  readonly settings?: readonly string[];
  /** Devices of another host: `sys` and `udev` below it are shown to it instead of this host's. */
  readonly deviceRoot?: string;
  /** In the caller's network instead of one of its own, for a caller that is in one made for it. */
  readonly sharesNetwork?: boolean;
  /** It finds the links of its own network in /sys, not those of its caller's. */
  readonly ownLinks?: boolean;
  /** The root of an emulated kernel: its `dev` is added to the nodes that QEMU needs, its `sys` shows the real one beneath. */
  readonly hardware?: string;
}

export class Libvirtd {
  readonly root: string;
  readonly #words: string[] = [];
  #sharesNetwork = false;
  #process: ChildProcess | undefined;
  #hardware: string | undefined;
  #said = "";
  #forget: (() => void) | undefined;

  private constructor() {
    this.root = mkdtempSync(join(tmpdir(), "libvirtd-test-"));
    mkdirSync(join(this.root, "run"));
  }

  /** Why there can be none here, for a test to skip with; undefined when there can. */
  static missing(): string | undefined {
    if (!existsSync(LIBVIRTD)) return `${LIBVIRTD} is not installed`;
    return process.getuid?.() === 0 ? undefined : "a private libvirtd needs root";
  }

  /** @throws Error with what it said when it does not take connections in time */
  static async started(options: LibvirtdOptions = {}): Promise<Libvirtd> {
    const libvirtd = new Libvirtd();
    const { settings = [], sharesNetwork = false } = options;
    libvirtd.#sharesNetwork = sharesNetwork;
    writeFileSync(join(libvirtd.root, "settings"), settings.map((line) => `${line}\n`).join(""));
    if (options.ownLinks === true) writeFileSync(join(libvirtd.root, "own-links"), "");
    const deviceRoot = options.hardware ?? options.deviceRoot;
    if (deviceRoot !== undefined) writeFileSync(join(libvirtd.root, "device-root"), deviceRoot);
    libvirtd.#words.push(...(options.listen === true ? ["--listen"] : []));
    libvirtd.#hardware = options.hardware;
    await libvirtd.#start();
    return libvirtd;
  }

  /** A process in its namespaces. @throws Error when it does not run */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error("libvirtd does not run");
    return pid;
  }

  get socket(): string {
    return join(this.root, "run/libvirt-sock");
  }

  get uri(): string {
    return `qemu+unix:///system?socket=${this.socket}`;
  }

  async #start(): Promise<void> {
    const own = this.#sharesNetwork ? "" : "--net ";
    const namespaces = `${own}--mount --pid --fork --mount-proc --kill-child`.split(" ");
    const child = spawn("unshare", [...namespaces, "sh", SCRIPT, this.root, ...this.#words], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      env: { ...process.env, ...(this.#hardware && { HARDWARE: this.#hardware }) },
    });
    this.#process = child;
    child.unref(); // a test that fails before it cleans up ends nevertheless, and this with it
    this.#forget = endAtExit(() => this.#endNow());
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#said = (this.#said + text).slice(-10_000);
      });
      if (stream instanceof Socket) stream.unref();
    }
    await new Promise<void>((resolve, reject) => {
      const watcher = watch(join(this.root, "run"));
      const settle = (error?: Error): void => {
        clearTimeout(timer);
        watcher.close();
        if (error === undefined) resolve();
        else reject(error);
      };
      const fail = (why: string): void => settle(new Error(`libvirtd ${why}: ${this.#said}`));
      const timer = setTimeout(() => fail("did not get ready in time"), READY_TIMEOUT_MS);
      const look = (): void => {
        if (!existsSync(this.socket)) return;
        // the file is there a moment before the daemon listens on it
        const probe = connect({ path: this.socket }, () => {
          probe.destroy();
          settle();
        });
        probe.on("error", () => setTimeout(look, RETRY_MS));
      };
      watcher.on("change", look);
      child.on("error", settle);
      child.on("close", (code, signal) => fail(`ended with ${code ?? signal}`));
      look();
    });
  }

  /** Ends it with everything it started, and removes its files. */
  async cleanUp(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && child.exitCode === null && child.signalCode === null)
      await new Promise<void>((resolve) => {
        child.ref();
        // not its pipes' end: they keep no program alive that waits for it
        child.on("exit", () => resolve());
        child.kill("SIGKILL");
      });
    this.#forget?.();
    this.#endNow();
  }

  /** Its namespace of processes goes with the first of them, and everything in it. */
  #endNow(): void {
    this.#process?.kill("SIGKILL");
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
