/** A vireod of its own for test or demo: under a root that is thrown away, started, killed, started again at will. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { giveLearned, keepLearned } from "./learned.ts";
import { endAtExit } from "./left-over.ts";
import { processesOf } from "./processes.ts";

const TOP = join(import.meta.dirname, "../..");
/** Compiled code, for all that are started: their own roots are thrown away. */
const COMPILED = join(TOP, ".cache/node");
const READY = '"msg":"ready"';
const READY_TIMEOUT_MS = 20_000;
const END_TIMEOUT_MS = 10_000;
const SHOWN_LINES = 40;

export class Vireod {
  readonly root: string;
  #process: ChildProcess | undefined;

  readonly #options: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  #forget: (() => void) | undefined;

  /**
   * @param root where it keeps everything; a new directory in the temporary place when absent
   * @param options further words of its command line
   * @param env set for it besides our own environment
   */
  constructor(
    root = mkdtempSync(join(tmpdir(), "vireo-test-")),
    options: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.root = root;
    this.#options = options;
    this.#env = env;
  }

  /** One that is ready. */
  static async started(): Promise<Vireod> {
    const vireod = new Vireod();
    await vireod.start();
    return vireod;
  }

  get socket(): string {
    return join(this.root, "run/vireo-sock");
  }

  /** For `@vireo/sdk/http/connect`; waits until it is served. */
  async httpUrl(): Promise<string> {
    await this.#says('"msg":"http"');
    return `http+unix://${join(this.root, "run/vireo-http-sock")}`;
  }

  /** The TCP address that `--http` gave it. */
  async httpAddress(): Promise<string> {
    await this.#says('"msg":"http"');
    const port = /"port":(\d+),"msg":"http"/.exec(this.log.join("\n"))?.[1];
    return `http://127.0.0.1:${port}`;
  }

  /** For virsh and every other client of libvirt. */
  get uri(): string {
    return `qemu+unix:///system?socket=${this.socket}`;
  }

  /** @throws Error when it does not run */
  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error("vireod does not run");
    return pid;
  }

  /** Where it writes what it does; each start begins anew. */
  get logFile(): string {
    return join(this.root, "vireod.log");
  }

  /** What it has written since its start, line by line. */
  get log(): readonly string[] {
    return readFileSync(this.logFile, "utf8").trimEnd().split("\n");
  }

  /** The QEMU processes below its root, whether or not vireod runs. */
  guestPids(): readonly number[] {
    return processesOf(`${this.root}/`, "qemu-system").filter((pid) => pid !== this.#process?.pid);
  }

  /**
   * Starts it and waits until it says that it is ready.
   * @returns milliseconds from spawn to ready
   * @throws Error with the end of its log
   */
  async start(): Promise<number> {
    giveLearned(this.root);
    const begin = performance.now();
    const log = openSync(this.logFile, "w");
    const child = spawn(join(TOP, "bin/vireod"), ["--root", this.root, ...this.#options], {
      stdio: ["ignore", log, log],
      env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, ...this.#env },
      detached: true, // ^C in the terminal reaches the test, which then cleans up
    });
    closeSync(log);
    child.unref(); // a test that fails before it cleans up ends nevertheless, and this with it
    this.#process = child;
    this.#forget ??= endAtExit(() => this.#endNow());
    await this.#says(READY);
    return performance.now() - begin;
  }

  /** Resolves when its log has `words`. */
  #says(words: string): Promise<void> {
    const child = this.#process;
    if (child === undefined) return Promise.reject(new Error("vireod does not run"));
    return new Promise((resolve, reject) => {
      const watcher = watch(this.logFile);
      const settle = (why?: string): void => {
        clearTimeout(timer);
        watcher.close();
        child.off("exit", exited);
        const tail = this.log.slice(-SHOWN_LINES).join("\n");
        if (why === undefined) resolve();
        else reject(new Error(`vireod ${why}:\n${tail}`));
      };
      const look = (): void => {
        if (this.log.some((line) => line.includes(words))) settle();
      };
      const exited = (code: number | null, signal: string | null): void =>
        settle(`ended with ${code ?? signal} before it was ready`);
      const timer = setTimeout(() => settle("did not get ready in time"), READY_TIMEOUT_MS);
      child.on("error", (error) => settle(`cannot be started: ${error.message}`));
      child.on("exit", exited);
      watcher.on("change", look);
      look();
    });
  }

  /** Lets vireod go on when this program ends. */
  release(): void {
    this.#forget?.();
  }

  /** Asks it to end, guests stay; with SIGKILL it cannot prepare for it. */
  async end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    this.#process = undefined;
    if (child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        reject(new Error(`vireod did not end ${END_TIMEOUT_MS} ms after ${signal}`));
      }, END_TIMEOUT_MS);
      child.on("exit", () => {
        clearTimeout(timer);
        resolve();
      });
      child.kill(signal);
    });
  }

  /** Ends it and its guests and removes its root. */
  async cleanUp(): Promise<void> {
    await this.end("SIGKILL");
    keepLearned(this.root);
    this.#forget?.();
    this.#endNow();
  }

  #endNow(): void {
    this.#process?.kill("SIGKILL");
    // guests and the servers of networks outlive a daemon, as they should
    for (const pid of [...this.guestPids(), ...processesOf(this.root, "dnsmasq")])
      process.kill(pid, "SIGKILL");
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
