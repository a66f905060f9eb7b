/**
 * Whether guests really run under KVM here. The device node proves nothing: on hosts that are
 * guests themselves it opens, firmware runs, and Linux hangs. So the host's own kernel is booted
 * for a moment and must say its first line.
 */
import { spawn } from "node:child_process";
import { access, constants, readdir } from "node:fs/promises";
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
  readonly timeoutMs?: number;
}

/** A Linux that runs writes this within a fraction of a second. */
const FIRST_WORDS = "Linux version";
const TIMEOUT_MS = 5000;
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

/** Runs the emulator until it says the words, ends, or the time is up; it is killed in any case. */
function run(binary: string, kernel: string | undefined, timeoutMs: number): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(binary, argv(kernel), { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let words = "";
    const done = (ended: boolean): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      resolve({ output, words: words.trim(), ended });
    };
    const timer = setTimeout(() => done(false), timeoutMs);
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
  const { device = "/dev/kvm", kernelDirectory = "/boot", timeoutMs = TIMEOUT_MS } = options;
  if (!(await mayOpen(device))) return { works: false, reason: `${device} cannot be opened` };
  const kernel = await findKernel(kernelDirectory);
  const { output, words, ended } = await run(binary, kernel, timeoutMs);
  if (output.includes(FIRST_WORDS)) return { works: true, reason: "a Linux guest ran under KVM" };
  if (ended) return { works: false, reason: `QEMU ended under KVM: ${lastWords(words)}` };
  return kernel === undefined
    ? {
        works: true,
        reason: `firmware ran under KVM; no kernel in ${kernelDirectory} to try Linux`,
      }
    : {
        works: false,
        reason: `a Linux guest (${kernel}) did not speak within ${timeoutMs} ms under KVM`,
      };
}
