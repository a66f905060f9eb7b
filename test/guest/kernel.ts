/** Finds Debian's cloud kernel, and the modules that a small guest needs. */
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";

export interface Kernel {
  readonly release: string;
  /** Path of the kernel image. */
  readonly image: string;
  /** Where its modules are. */
  readonly modules: string;
}

export interface KernelModule {
  /** `virtio_net.ko`, never with a compression's ending. */
  readonly name: string;
  readonly content: Uint8Array;
}

const DECOMPRESS_TIMEOUT_MS = 20_000;

/**
 * The newest cloud kernel below the first root that has one.
 * @param roots the machine's own, or where tools/setup.sh unpacked the package
 * @throws Error saying how to get one
 */
export function findKernel(roots: readonly string[]): Kernel {
  for (const root of roots) {
    const boot = join(root, "boot");
    const release = (existsSync(boot) ? readdirSync(boot) : [])
      .flatMap((file) => /^vmlinuz-(.*-cloud-(?:amd64|arm64))$/.exec(file)?.[1] ?? [])
      .filter((name) => existsSync(join(root, "lib/modules", name, "kernel")))
      .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }))
      .at(-1);
    if (release === undefined) continue;
    const modules = join(root, "lib/modules", release);
    return { release, image: join(boot, `vmlinuz-${release}`), modules };
  }
  throw new Error(`No cloud kernel below ${roots.join(" or ")}: run tools/setup.sh`);
}

/** The wanted modules that exist, each after everything it needs; those built in are left out. */
export function loadModules(kernel: Kernel, wanted: readonly string[]): readonly KernelModule[] {
  const paths = modulePaths(kernel);
  const loaded = new Map<string, KernelModule>();
  const load = (name: string): void => {
    const path = paths.get(name);
    if (path === undefined || loaded.has(name)) return;
    const content = decompressed(path);
    for (const needed of neededBy(content)) load(needed);
    loaded.set(name, { name: `${name}.ko`, content });
  };
  for (const name of wanted) load(name);
  return [...loaded.values()];
}

/** Each module's file by its name in the kernel, where `-` is `_`. */
function modulePaths(kernel: Kernel): ReadonlyMap<string, string> {
  const files = globSync("kernel/**/*.ko*", { cwd: kernel.modules });
  return new Map(
    files.map((file) => [
      basename(file)
        .replace(/\.ko.*$/, "")
        .replaceAll("-", "_"),
      join(kernel.modules, file),
    ]),
  );
}

/** What a module says in its `.modinfo` section: `depends=virtio_ring,virtio`. */
function neededBy(module: Buffer): readonly string[] {
  const key = "\0depends=";
  const start = module.indexOf(key);
  if (start < 0) return [];
  const end = module.indexOf(0, start + key.length);
  const names = module.toString("latin1", start + key.length, end);
  return names.split(",").filter((name) => name !== "");
}

function decompressed(path: string): Buffer {
  const content = readFileSync(path);
  if (path.endsWith(".gz")) return gunzipSync(content);
  if (path.endsWith(".zst")) return zstdDecompressSync(content);
  if (!path.endsWith(".xz")) return content;
  const limits = { maxBuffer: 64 << 20, timeout: DECOMPRESS_TIMEOUT_MS };
  return execFileSync("xz", ["-dc", path], limits);
}
