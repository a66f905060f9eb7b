/** Events of real devices: links and a loop device, which this kernel has; udev's words about the latter are written here. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";
import { Vireod } from "../harness/vireod.ts";
import { virshOk } from "../harness/virsh.ts";

refuseHostNetwork();

const ip = (...words: readonly string[]): string => execFileSync("ip", words, { encoding: "utf8" });
const tell = (directory: string, action: string): void =>
  writeFileSync(join(directory, "uevent"), action);

/** What `virsh nodedev-event` prints of one kind of event. */
class Listener {
  readonly lines: string[] = [];
  #arrived: (() => void) | undefined;

  constructor(t: TestContext, uri: string, event: "lifecycle" | "update") {
    const child = spawn("virsh", ["-c", uri, "nodedev-event", "--loop", "--event", event]);
    t.after(() => child.kill("SIGKILL"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.lines.push(line.replace(`event '${event}' for node device `, ""));
      this.#arrived?.();
    });
  }

  /** Resolves when all these have come, whatever else; the test's deadline ends it otherwise. */
  async heard(...wanted: readonly string[]): Promise<void> {
    await this.until(() => wanted.every((line) => this.lines.includes(line)));
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo())
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
  }

  /** Nobody tells when a client has registered: `nudge` is done until something is heard. */
  async listens(nudge: () => void): Promise<void> {
    const timer = setInterval(nudge, 100);
    await new Promise<void>((resolve) => {
      this.#arrived = resolve;
    });
    clearInterval(timer);
  }
}

const address = (link: string): string =>
  readFileSync(`/sys/class/net/${link}/address`, "utf8").trim().replaceAll(":", "_");

async function started(t: TestContext): Promise<Vireod> {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  return vireod;
}

test("node devices: what comes, goes and changes is told once, in order", async (t) => {
  const { uri } = await started(t);
  const [life, updates] = [new Listener(t, uri, "lifecycle"), new Listener(t, uri, "update")];
  await updates.listens(() => tell("/sys/class/net/lo", "change"));
  let nudges = 0;
  await life.listens(() => {
    ip("tuntap", ...(nudges % 2 === 0 ? ["add"] : ["del"]), "dev", "nudge", "mode", "tap");
    nudges += 1;
  });
  ip("link", "add", "ve0", "type", "veth", "peer", "name", "ve1");
  const [first, second] = [`net_ve0_${address("ve0")}`, `net_ve1_${address("ve1")}`];
  await life.heard(`${first}: Created`, `${second}: Created`);
  ip("link", "set", "ve0", "name", "ve9");
  const renamed = first.replace("ve0", "ve9");
  await life.heard(`${first}: Deleted`, `${renamed}: Created`);
  tell("/sys/class/net/ve9", "change");
  tell("/sys/class/net/ve9", "add");
  tell("/sys/class/net/ve9", "bind");
  const ofRenamed = (): readonly string[] => updates.lines.filter((line) => line === renamed);
  await updates.until(() => ofRenamed().length === 2);
  ip("link", "add", "br9", "type", "bridge"); // no device to libvirt
  ip("link", "del", "ve1");
  await life.heard(`${renamed}: Deleted`, `${second}: Deleted`);
  const about = life.lines.filter((line) => /_ve|_br/.test(line));
  assert.deepEqual(
    about.slice(-2).toSorted(),
    [`${renamed}: Deleted`, `${second}: Deleted`].toSorted(),
  );
  assert.equal(about.length, 6);
  assert.equal(ofRenamed().length, 2);
  ip("link", "del", "br9");
});

test("node devices: a link whose address changes is another device, to lists and to listeners", async (t) => {
  const { uri } = await started(t);
  const life = new Listener(t, uri, "lifecycle");
  ip("tuntap", "add", "dev", "other", "mode", "tap");
  const before = `net_other_${address("other")}`;
  await virshOk(uri, "nodedev-dumpxml", before);
  ip("link", "set", "other", "address", "02:00:00:00:00:99");
  const after = "net_other_02_00_00_00_00_99";
  tell("/sys/class/net/other", "change");
  await virshOk(uri, "nodedev-dumpxml", after);
  const listed = await virshOk(uri, "nodedev-list", "--cap", "net");
  assert.equal(listed.includes(before), false);
  ip("tuntap", "del", "dev", "other", "mode", "tap");
  assert.equal((await virshOk(uri, "nodedev-list")).includes("net_other"), false);
  assert.ok(life.lines.every((line) => !line.includes("Defined")));
});

test("node devices: a loop device that udev knows is listed, and told of", async (t) => {
  const vireod = await started(t);
  const { uri } = vireod;
  const image = join(vireod.root, "image");
  writeFileSync(image, "");
  truncateSync(image, 1024 * 1024);
  const loop = execFileSync("losetup", ["--find", "--show", image], { encoding: "utf8" }).trim();
  t.after(() => execFileSync("losetup", ["-d", loop]));
  const directory = `/sys/class/block/${basename(loop)}`;
  const number = readFileSync(join(directory, "dev"), "utf8").trim();
  const name = `block_${basename(loop)}_example`;
  assert.equal((await virshOk(uri, "nodedev-list")).includes(name), false);
  const life = new Listener(t, uri, "lifecycle");
  let nudges = 0;
  await life.listens(() => {
    ip("tuntap", ...(nudges % 2 === 0 ? ["add"] : ["del"]), "dev", "nudge2", "mode", "tap");
    nudges += 1;
  });
  mkdirSync("/run/udev/data", { recursive: true });
  writeFileSync(`/run/udev/data/b${number}`, "E:ID_TYPE=disk\nE:ID_SERIAL=example\n");
  tell(directory, "change");
  await life.heard(`${name}: Created`);
  assert.match(await virshOk(uri, "nodedev-dumpxml", name), /<size>1048576<\/size>/);
  rmSync(`/run/udev/data/b${number}`);
  tell(directory, "change");
  await life.heard(`${name}: Deleted`);
});
