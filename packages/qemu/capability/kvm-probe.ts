/**
 * Whether guests really run under KVM here. The device node proves nothing: on hosts that are
 * guests themselves it opens, firmware runs, and Linux hangs or the host's CPU cannot be had. So the host's own kernel is booted
 * for a moment and must say its first line.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { access, constants, readdir } from "node:fs/promises";
import { setPriority } from "node:os";
import { join } from "node:path";

export interface KvmVerdict {
  readonly works: boolean;
  /** For people: what was seen. */
  readonly reason: string;
}

export interface KvmProbeOptions {
  readonly device?: string;
  /** Where kernels are looked for. */
  readonly kernelDirectory?: string;
  /** Processor time that the guest may use before it must have spoken. */
  readonly cpuLimitMs?: number;
}

/** A Linux that runs writes this within a fraction of a second. */
const FIRST_WORDS = "Linux version";
/** Processor time, not the clock's: a busy host must not make KVM look broken. */
const CPU_LIMIT_MS = 2000;
const WALL_LIMIT_MS = 30_000;
const LOOK_MS = 100;
const LOWEST_PRIORITY = 19;
const MS_PER_TICK = 10;
const OUTPUT_LIMIT = 65_536;

const mayOpen = (path: string): Promise<boolean> =>
  access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );

/** The newest kernel that we can read. */
async function findKernel(directory: string): Promise<string | undefined> {
  const names = await readdir(directory).catch(() => []);
  const kernels = names.filter((name) => name.startsWith("vmlinuz")).toSorted();
  for (const name of kernels.toReversed()) {
    const path = join(directory, name);
    if (
      await access(path, constants.R_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

const argv = (kernel: string | undefined): string[] => [
  "-accel",
  "kvm",
  // what new domains ask for; hosts that are guests themselves may let QEMU abort over it
  "-cpu",
  "host",
  "-m",
  "256",
  "-nodefaults",
  "-no-user-config",
  "-display",
  "none",
  "-no-reboot",
  "-serial",
  "stdio",
  ...(kernel === undefined
    ? []
    : ["-kernel", kernel, "-append", "console=ttyS0 earlyprintk=serial panic=-1"]),
];

interface Run {
  readonly output: string;
  readonly words: string;
  readonly ended: boolean;
}

/** Processor time of a process in milliseconds (fields 14 and 15 of /proc/PID/stat). */
function cpuTimeMs(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return 0; // it has ended, which its own event tells
  }
}

/** Runs the emulator until it speaks, ends, or has used its time; it is killed in any case. */
function run(binary: string, kernel: string | undefined, cpuLimitMs: number): Promise<Run> {
  return new Promise((resolve) => {
    // a guest that hangs must not outlive a daemon that is killed
    const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", binary, ...argv(kernel)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const began = performance.now();
    let output = "";
    let words = "";
    const done = (ended: boolean): void => {
      clearInterval(timer);
      child.kill("SIGKILL");
      resolve({ output, words: words.trim(), ended });
    };
    const timer = setInterval(() => {
      const tired = cpuTimeMs(child.pid ?? 0) > cpuLimitMs;
      if (tired || performance.now() - began > WALL_LIMIT_MS) done(false);
    }, LOOK_MS);
    child.once("spawn", () => setPriority(child.pid ?? 0, LOWEST_PRIORITY));
    child.stderr.on("data", (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-OUTPUT_LIMIT);
    });
    child.stdout.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString("latin1")).slice(-OUTPUT_LIMIT);
      if (output.includes(FIRST_WORDS)) done(false);
    });
    child.once("error", () => done(true));
    child.once("exit", () => done(true));
  });
}

const lastWords = (words: string): string => words.split("\n").at(-1) ?? "";

/** Never throws: whatever goes wrong is a reason not to use KVM. */
export async function probeKvm(binary: string, options: KvmProbeOptions = {}): Promise<KvmVerdict> {
  const { device = "/dev/kvm", kernelDirectory = "/boot", cpuLimitMs = CPU_LIMIT_MS } = options;
  if (!(await mayOpen(device))) return { works: false, reason: `${device} cannot be opened` };
  const kernel = await findKernel(kernelDirectory);
  const { output, words, ended } = await run(binary, kernel, cpuLimitMs);
  if (output.includes(FIRST_WORDS)) return { works: true, reason: "a Linux guest ran under KVM" };
  if (ended) return { works: false, reason: `QEMU ended under KVM: ${lastWords(words)}` };
  return kernel === undefined
    ? {
        works: true,
        reason: `firmware ran under KVM; no kernel in ${kernelDirectory} to try Linux`,
      }
    : {
        works: false,
        reason: `a Linux guest (${kernel}) did not speak in ${cpuLimitMs} ms of processor time under KVM`,
      };
}
