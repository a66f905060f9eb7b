/** Keeps what was learned of a binary until the binary, or the kernel below it, changes. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { qemuCapabilities, type CapabilityData, type QemuCapabilities } from "./capabilities.ts";
import { probeQemu } from "./probe.ts";

/** Raised when questions or conclusions change, so that old answers are not believed. */
const FORMAT = 5;

/** What must be the same for kept answers to hold. */
async function identityOf(binary: string): Promise<string> {
  const { mtimeMs, ctimeMs, size, ino } = await stat(binary);
  const kvm = await stat("/dev/kvm").then(
    () => "kvm",
    () => "no kvm",
  );
  return JSON.stringify([FORMAT, binary, mtimeMs, ctimeMs, size, ino, release(), kvm]);
}

const isKept = (value: unknown, identity: string): value is { readonly data: CapabilityData } =>
  typeof value === "object" &&
  value !== null &&
  "identity" in value &&
  value.identity === identity &&
  "data" in value;

async function kept(path: string, identity: string): Promise<CapabilityData | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isKept(value, identity) ? value.data : undefined;
  } catch {
    return undefined; // not there or damaged: ask again
  }
}

async function keep(path: string, value: object): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(temporary, JSON.stringify(value), { mode: 0o600 });
  await rename(temporary, path);
}

export class CapabilityCache {
  readonly #directory: string;
  readonly #known = new Map<
    string,
    { readonly identity: string; readonly answer: Promise<QemuCapabilities> }
  >();

  /** `directory` is made when missing. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * What the binary can do; asks it when nothing valid is kept, once for all who want to know.
   * @throws VireoError when the binary cannot be asked
   */
  async of(binary: string): Promise<QemuCapabilities> {
    const identity = await identityOf(binary);
    const known = this.#known.get(binary);
    if (known?.identity === identity) return known.answer;
    const answer = this.#learn(binary, identity);
    this.#known.set(binary, { identity, answer });
    answer.catch(() => this.#known.delete(binary)); // the next one may succeed
    return answer;
  }

  async #learn(binary: string, identity: string): Promise<QemuCapabilities> {
    const name = createHash("sha256").update(binary).digest("hex").slice(0, 32);
    const path = join(this.#directory, `${name}.json`);
    const found = await kept(path, identity);
    if (found !== undefined) return qemuCapabilities(found);
    const data = await probeQemu(binary);
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await keep(path, { identity, data });
    return qemuCapabilities(data);
  }
}
