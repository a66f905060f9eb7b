/** What the test beside runs in namespaces of its own, on a host of ifupdown, NetworkManager or systemd-networkd. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  alone,
  BRIDGE,
  bridged,
  definitions,
  ETH,
  until,
} from "../../packages/daemon/driver/interface/private-host-state.ts";
import { refuseHostNetwork } from "../../packages/daemon/driver/own-network.ts";
import { virsh } from "../harness/virsh.ts";
import { Fuse, spread } from "./fuse.ts";

refuseHostNetwork();

const ALL = process.env["VIREO_CRASH_POINTS"] === "all";
const [, , keeper = ""] = process.argv;
const directory = mkdtempSync(join(tmpdir(), "vireo-interface-killed-"));
const fuse = new Fuse(directory);
const { vireod } = fuse;
/** @throws Error when it is not done */
async function ask(words: string): Promise<string> {
  const { status, stdout, stderr } = await virsh(vireod.uri, words.split(" "));
  // virsh says that it has destroyed an interface and ends with 1 nevertheless
  if (status !== 0 && !/^Interface \S+ destroyed$/m.test(stdout))
    throw new Error(`virsh ${words} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

const files = { eth: join(directory, "eth.xml"), bridge: join(directory, "bridge.xml") };
writeFileSync(files.eth, ETH);
writeFileSync(files.bridge, BRIDGE);

const note = (name: string): string => join(vireod.root, "lib/interface", name);
/** What is not known before: NetworkManager's connections have new names each time. */
const uuidless = (text: string): string =>
  text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID");
const now = (): string => uuidless(definitions(keeper));

const define = `iface-define ${files.bridge}`;
interface Work {
  /** Points that are taken when not all are. */
  readonly sample: number;
  readonly before: readonly string[];
  readonly work: string;
  /** Whether eth0 is as it may be when the work was not done, or was. */
  readonly ends: readonly (() => Promise<boolean>)[];
}
const WORKS: readonly Work[] = [
  { sample: 1, before: [], work: define, ends: [alone] },
  { sample: 2, before: [define], work: "iface-start br7", ends: [alone, () => bridged()] },
  {
    sample: 1,
    before: [define, "iface-start br7"],
    work: "iface-destroy br7",
    ends: [() => bridged(), isDown],
  },
  {
    sample: 2,
    before: [define, "iface-start br7"],
    work: "iface-rollback",
    ends: [() => bridged(), alone],
  },
];

/** The bridge has no way to anywhere. */
async function isDown(): Promise<boolean> {
  return !(await bridged()) && !/ br7 +active/.test(await ask("iface-list --all"));
}

let base = "";

/** eth0 alone and a change open; then what the work needs. */
async function prepare({ before }: Work): Promise<void> {
  // a rollback that had begun goes on by itself, and may be over in this moment
  if (existsSync(note("change.json"))) await ask("iface-rollback").catch(() => undefined);
  await until("no change is open", async () => !existsSync(note("change.json")));
  await until("eth0 stands for itself", alone);
  assert.equal(definitions(keeper), base);
  await ask("iface-begin");
  for (const words of before) await ask(words);
  if (before.length > 1) await until("the bridge is set up", () => bridged());
}

/** All is as before the work or as after it. @param texts definitions before and after */
async function check({ ends }: Work, texts: readonly string[]): Promise<void> {
  await until("nothing is under way", async () => !existsSync(note("work.json")));
  await until("all as before, or as after", async () => {
    const kept = await Promise.all(ends.map((one) => one()));
    return kept.includes(true) && texts.includes(now());
  });
}

try {
  await vireod.start();
  await ask(`iface-define ${files.eth}`);
  await ask("iface-start eth0");
  await until("eth0 is set up", alone);
  base = definitions(keeper);
  for (const work of WORKS) {
    await prepare(work);
    const before = now();
    const all = await fuse.record(() => ask(work.work));
    const texts = [before, now()];
    const points = spread(all, ALL ? all.length : work.sample);
    for (const point of points) {
      await prepare(work);
      const died = await fuse.dieAt(point, () => ask(work.work));
      if (died) await vireod.start();
      await check(work, texts).catch((cause: unknown) => {
        const log = vireod.log.join("\n");
        throw new Error(
          `${work.work}: ${died ? "died" : "lived on"} at ${point.at}, ${point.nth}\n${now()}\n${texts.join("\n---\n")}\n${log}`,
          {
            cause,
          },
        );
      });
    }
    console.log(`${work.work.split(" ")[0]}: ${points.length} of ${all.length} points`);
  }
} finally {
  await vireod.cleanUp();
  rmSync(directory, { recursive: true, force: true });
}
