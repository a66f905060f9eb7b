/**
 * How fast a volume is uploaded and downloaded by the real virsh: vireod and the real libvirtd, the same file, in turns
 * within one run. Fails when a promised ratio, the limit on memory or the file's SHA-256 is not kept.
 * `node bench/volume-stream.ts [ROUNDS [MIB]]`
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Libvirtd } from "../test/harness/libvirtd.ts";
import { resident } from "../test/harness/resident.ts";
import { Vireod } from "../test/harness/vireod.ts";
import { virsh, virshOk } from "../test/harness/virsh.ts";
import { median, table } from "./statistics.ts";
import { hashOf, speedOf } from "./transfer.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
const MIB = Number(process.argv[3] ?? 1024);
/** What issue 5 promises. */
const TO_LIBVIRTD = 0.9;
const GROWTH_MIB = 64;

interface Contender {
  readonly name: string;
  readonly uri: string;
  readonly up: number[];
  readonly down: number[];
}

// not on a disk, whose mood would be measured
const directory = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "vireo-bench-"));
const [data, back] = [join(directory, "data"), join(directory, "back")];

const timed = (work: () => Promise<unknown>): Promise<number> => speedOf(MIB, work);

async function contender(name: string, uri: string): Promise<Contender> {
  const path = join(directory, name);
  mkdirSync(path);
  await virshOk(uri, "pool-create-as", "p", "dir", "--target", path);
  await virshOk(uri, "vol-create-as", "p", "v", `${MIB}M`, "--allocation", "0");
  return { name, uri, up: [], down: [] };
}

/** A busy machine takes its time. */
const TRANSFER_MS = 120_000;

async function transfer(uri: string, ...args: readonly string[]): Promise<void> {
  const { status, stderr } = await virsh(uri, args, { timeoutMs: TRANSFER_MS });
  if (status !== 0) throw new Error(`virsh ${args.join(" ")}: ${stderr}`);
}

async function round({ uri, up, down }: Contender, hash: string): Promise<void> {
  up.push(await timed(() => transfer(uri, "vol-upload", "v", data, "--pool", "p")));
  down.push(await timed(() => transfer(uri, "vol-download", "v", back, "--pool", "p")));
  if ((await hashOf(back)) !== hash) throw new Error(`${uri}: what came back is not what was sent`);
  rmSync(back);
}

const libvirtd = await Libvirtd.started();
const vireod = await Vireod.started();
try {
  execFileSync("dd", ["if=/dev/urandom", `of=${data}`, "bs=1M", `count=${MIB}`, "status=none"]);
  const hash = await hashOf(data);
  const peer = await contender("libvirtd", libvirtd.uri);
  const ours = await contender("vireod", vireod.uri);
  const before = resident(vireod.pid).now;
  // the first round lays out the files
  for (const one of [peer, ours]) await round({ ...one, up: [], down: [] }, hash);
  for (let turn = 0; turn < ROUNDS; turn += 1)
    for (const one of [peer, ours]) await round(one, hash);
  const growth = (resident(vireod.pid).peak - before) / 2 ** 20;
  const speeds = [peer, ours].map(
    ({ name, up, down }) => [name, median(up), median(down)] as const,
  );
  const ratios = [
    median(ours.up) / median(peer.up),
    median(ours.down) / median(peer.down),
  ] as const;
  const rows = speeds.map(([name, up, down]) => [name, up.toFixed(0), down.toFixed(0)]);
  const last = ["vireod/libvirtd", ...ratios.map((ratio) => ratio.toFixed(2))];
  console.log(table([[`${MIB} MiB, MiB/s`, "upload", "download"], ...rows, last]));
  console.log(`memory of vireod: ${growth.toFixed(0)} MiB more at its peak`);
  const kept = ratios.every((ratio) => ratio >= TO_LIBVIRTD) && growth < GROWTH_MIB;
  process.exitCode = kept ? 0 : 1;
} finally {
  await vireod.cleanUp();
  await libvirtd.cleanUp();
  rmSync(directory, { recursive: true, force: true });
}
