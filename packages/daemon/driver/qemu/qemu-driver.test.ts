import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { pino } from "pino";
import { isError } from "@vireo/model/error";
import type { DomainEvent } from "@vireo/model/event";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import { domainState } from "@vireo/model/state-reason";
import { monotonicMs } from "../../host/clock.ts";
import { makeDirectories, pathsOf, type Paths } from "../../host/paths.ts";
import type { Call, Driver } from "../contract.ts";
import { startQemuDriver } from "./qemu-driver.ts";

/** Machine code of a boot sector: what a guest does once the firmware has loaded it. */
const IDLE = [0xf4, 0xeb, 0xfd];
const POWER_OFF = [0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, ...IDLE];
const RESET = [0xb0, 0xfe, 0xe6, 0x64, ...IDLE];
const PANIC = [0xba, 0x05, 0x05, 0xb0, 0x01, 0xee, ...IDLE];
/** Echoes what comes in on the first serial port. */
const ECHO = [
  0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01, 0x74, 0xf8, 0xba, 0xf8, 0x03, 0xec, 0xee, 0xeb, 0xf1,
];

function bootDisk(code: readonly number[], path: string): void {
  const sector = Buffer.alloc(1024 * 1024); // at least a cylinder, or the firmware reads nothing
  Buffer.from(code).copy(sector);
  sector.writeUInt16LE(0xaa55, 510);
  writeFileSync(path, sector);
}

interface Guest {
  readonly name: string;
  readonly code?: readonly number[];
  /** More elements of `<domain>`. */
  readonly xml?: string;
  readonly devices?: string;
}

class Bench {
  readonly paths: Paths;
  readonly events: DomainEvent[] = [];
  readonly #dir: string;
  #driver: Driver | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #left: (() => void)[] = [];

  constructor(dir: string) {
    this.#dir = dir;
    this.paths = pathsOf(dir);
  }

  get driver(): Driver {
    assert.ok(this.#driver);
    return this.#driver;
  }

  /** Starts a driver on the same root, as a new daemon would. */
  async start(): Promise<void> {
    await makeDirectories(this.paths);
    this.#driver = await startQemuDriver(this.paths, pino({ level: "silent" }));
    this.#driver.events.subscribe((event) => {
      this.events.push(event);
      for (const look of this.#waiting) look();
    });
  }

  get call(): Call {
    return {
      caller: { name: "test", readOnly: false, door: "daemon" },
      uri: "qemu:///system",
      onDisconnect: (then) => this.#left.push(then),
    };
  }

  disconnect(): void {
    for (const then of this.#left.splice(0)) then();
  }

  xmlOf({ name, code = IDLE, xml = "", devices = "" }: Guest): string {
    const disk = join(this.#dir, `${name}.img`);
    bootDisk(code, disk);
    return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>16</memory>
      <os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features>${xml}
      <devices><disk type='file'><driver name='qemu' type='raw'/><source file='${disk}'/>
      <target dev='vda' bus='virtio'/></disk><controller type='usb' model='none'/>
      <serial type='pty'/><memballoon model='none'/>${devices}</devices></domain>`;
  }

  define(guest: Guest): Promise<DomainIdentity> {
    return this.do("define", { xml: this.xmlOf(guest) });
  }

  /** Performs an operation; the driver has it, or the test fails. */
  async do<V extends keyof Driver["domain"]>(
    verb: V,
    input: Parameters<NonNullable<Driver["domain"][V]>>[0],
  ): Promise<Awaited<ReturnType<NonNullable<Driver["domain"][V]>>>> {
    const handler: unknown = this.driver.domain[verb];
    assert.ok(typeof handler === "function", verb);
    return handler(input, this.call);
  }

  /** The lifecycle of one domain, as words. */
  life(name: string): string[] {
    return this.events.flatMap((event) =>
      event.domain.name === name && event.kind === "lifecycle"
        ? [`${event.event} ${event.detail}`]
        : [],
    );
  }

  async until(condition: () => boolean): Promise<void> {
    const end = monotonicMs() + 15_000;
    while (!condition()) {
      assert.ok(monotonicMs() < end, `waited in vain; ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.#waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Ids of the QEMU processes of this root. */
  pids(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.#dir);
        } catch {
          return false;
        }
      })
      .map(Number);
  }

  async end(): Promise<void> {
    await this.#driver?.close();
    for (const pid of this.pids()) process.kill(pid, "SIGKILL");
    await this.until(() => this.pids().length === 0);
    rmSync(this.#dir, { recursive: true });
  }
}

async function bench(t: TestContext): Promise<Bench> {
  const made = new Bench(mkdtempSync(join(tmpdir(), "vireo-driver-")));
  t.after(() => made.end());
  await made.start();
  return made;
}

const BOOTED = ["defined added", "resumed unpaused", "started booted"];

test("driver: define, start, suspend, resume, reset, destroy, undefine and the events of each", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  const { name } = await b.define({ name: "a" });
  const domain = { name };
  const { id } = await b.do("start", { domain });
  assert.equal(id, 1);
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "booted"));
  await b.do("suspend", { domain });
  assert.deepEqual(await b.do("state", { domain }), domainState("paused", "user"));
  await b.do("reset", { domain });
  await b.do("resume", { domain });
  assert.deepEqual(await b.do("state", { domain }), domainState("running", "unpaused"));
  await b.do("destroy", { domain });
  assert.deepEqual(await b.do("state", { domain }), domainState("shutoff", "destroyed"));
  await b.do("undefine", { domain });
  assert.deepEqual(b.life("a"), [
    ...BOOTED,
    "suspended paused",
    "resumed unpaused",
    "shutdown host",
    "stopped destroyed",
    "undefined removed",
  ]);
  assert.deepEqual(b.pids(), []);
  assert.deepEqual(readdirSync(b.paths.status), [".prev", "channel", "monitor"]);
  await assert.rejects(b.do("lookup", { domain }), (error) => isError(error, "noDomain"));
});

test("driver: a paused start runs nothing until resumed", { timeout: 40_000 }, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  const domain = { name: "a" };
  await b.do("start", { domain, paused: true });
  assert.deepEqual(await b.do("state", { domain }), domainState("paused", "user"));
  assert.deepEqual(b.life("a"), ["defined added", "started booted", "suspended paused"]);
  await b.do("resume", { domain });
  assert.deepEqual(b.life("a").at(-1), "resumed unpaused");
});

test("driver: a start that QEMU refuses tells QEMU's words and leaves nothing behind", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  rmSync(join(b.paths.etc, "../a.img"));
  await assert.rejects(
    b.do("start", { domain: { name: "a" } }),
    (error) => isError(error) && /a\.img.*No such file or directory/.test(error.message),
  );
  assert.deepEqual(
    await b.do("state", { domain: { name: "a" } }),
    domainState("shutoff", "failed"),
  );
  assert.deepEqual(b.pids(), []);
  assert.deepEqual(
    readdirSync(b.paths.qemuLib).filter((one) => one.startsWith("domain-")),
    [],
  );
  assert.deepEqual(
    readdirSync(b.paths.status).filter((one) => one.endsWith(".xml")),
    [],
  );
  b.xmlOf({ name: "a" });
  await b.do("start", { domain: { name: "a" } });
});

test("driver: a guest that powers off is shut off, and restarted with on_poweroff=restart", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "off", code: POWER_OFF });
  await b.do("start", { domain: { name: "off" } });
  await b.until(() => b.life("off").includes("stopped shutdown"));
  assert.deepEqual(b.life("off"), [...BOOTED, "shutdown guest", "stopped shutdown"]);
  assert.deepEqual(
    await b.do("state", { domain: { name: "off" } }),
    domainState("shutoff", "shutdown"),
  );
  await b.define({ name: "again", code: POWER_OFF, xml: "<on_poweroff>restart</on_poweroff>" });
  await b.do("start", { domain: { name: "again" } });
  await b.until(() => b.life("again").filter((one) => one === "shutdown guest").length >= 2);
  assert.ok(!b.life("again").some((one) => one.startsWith("stopped")));
  assert.equal(b.life("again").filter((one) => one === "started booted").length, 1);
});

test("driver: a guest that resets goes on, and ends with on_reboot=destroy", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "again", code: RESET });
  await b.do("start", { domain: { name: "again" } });
  await b.until(() => b.events.filter(({ kind }) => kind === "reboot").length >= 2);
  await b.do("destroy", { domain: { name: "again" } });
  await b.define({ name: "once", code: RESET, xml: "<on_reboot>destroy</on_reboot>" });
  await b.do("start", { domain: { name: "once" } });
  await b.until(() => b.life("once").some((one) => one.startsWith("stopped")));
  assert.deepEqual(b.life("once"), [...BOOTED, "shutdown guest", "stopped shutdown"]);
});

test("driver: a guest that panics obeys on_crash", { timeout: 40_000 }, async (t) => {
  const b = await bench(t);
  const devices = "<panic model='isa'/>";
  await b.define({ name: "dies", code: PANIC, devices });
  await b.define({ name: "stays", code: PANIC, devices, xml: "<on_crash>preserve</on_crash>" });
  for (const name of ["dies", "stays"]) await b.do("start", { domain: { name } });
  await b.until(() => b.life("dies").includes("stopped crashed"));
  await b.until(() => b.life("stays").includes("crashed panicked"));
  assert.deepEqual(b.life("dies"), [...BOOTED, "crashed panicked", "stopped crashed"]);
  assert.deepEqual(
    await b.do("state", { domain: { name: "stays" } }),
    domainState("crashed", "panicked"),
  );
});

test("driver: a QEMU that is killed is seen as crashed, with an event", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a" });
  await b.do("start", { domain: { name: "a" } });
  for (const pid of b.pids()) process.kill(pid, "SIGKILL");
  await b.until(() => b.life("a").includes("stopped failed"));
  assert.deepEqual(
    await b.do("state", { domain: { name: "a" } }),
    domainState("shutoff", "crashed"),
  );
});

test("driver: the next daemon finds guests in their states, and what happened meanwhile", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  for (const name of ["runs", "sleeps", "dies"]) await b.define({ name });
  await b.define({ name: "off", code: POWER_OFF, xml: "<on_poweroff>preserve</on_poweroff>" });
  await b.do("create", { xml: b.xmlOf({ name: "transient" }) });
  for (const name of ["runs", "sleeps", "dies", "off"]) await b.do("start", { domain: { name } });
  await b.do("suspend", { domain: { name: "sleeps" } });
  const before = b.pids();
  const doomed = before.find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("guest=dies,"),
  );
  assert.ok(doomed);
  const xml = await b.do("xml", { domain: { name: "runs" }, secure: true });
  await b.driver.close();
  process.kill(doomed, "SIGKILL");
  await b.until(() => !b.pids().includes(doomed));
  const began = monotonicMs();
  await b.start();
  assert.ok(monotonicMs() - began < 2000);
  assert.deepEqual(
    b.pids(),
    before.filter((pid) => pid !== doomed),
  );
  const state = (name: string) => b.do("state", { domain: { name } });
  assert.deepEqual(await state("runs"), domainState("running", "booted"));
  assert.deepEqual(await state("sleeps"), domainState("paused", "user"));
  assert.deepEqual(await state("dies"), domainState("shutoff", "crashed"));
  assert.equal((await state("transient")).state, "running");
  assert.equal(await b.do("isPersistent", { domain: { name: "transient" } }), false);
  assert.equal(await b.do("xml", { domain: { name: "runs" }, secure: true }), xml);
  while ((await state("off")).state !== "shutdown") await new Promise(setImmediate);
  await b.do("destroy", { domain: { name: "transient" } });
  await assert.rejects(b.do("lookup", { domain: { name: "transient" } }));
  const { id } = await b.do("start", { domain: { name: "dies" } });
  assert.ok(id !== undefined && id > 5, `id ${id} was used before`);
});

test("driver: a console carries bytes both ways, to one client at a time", {
  timeout: 40_000,
}, async (t) => {
  const b = await bench(t);
  await b.define({ name: "a", code: ECHO });
  await b.do("start", { domain: { name: "a" } });
  const first = await b.do("openConsole", { domain: { name: "a" } });
  let heard = "";
  first.on("data", (piece) => (heard += String(piece)));
  const typing = setInterval(() => first.write("x"), 50);
  while (!heard.includes("x")) await once(first, "data");
  clearInterval(typing);
  const thrownOut = once(first, "error");
  await assert.rejects(
    b.do("openConsole", { domain: { name: "a" } }),
    /Active console session exists for this domain/,
  );
  const second = await b.do("openConsole", { domain: { name: "a" }, force: true });
  const [why] = await thrownOut;
  assert.match(String(why), /stream had I\/O failure/);
  const closed = once(second, "close");
  await b.do("destroy", { domain: { name: "a" } });
  await closed;
});

test("driver: a domain tied to its client goes with it", { timeout: 40_000 }, async (t) => {
  const b = await bench(t);
  await b.do("create", { xml: b.xmlOf({ name: "tied" }), autodestroy: true });
  b.disconnect();
  await b.until(() => b.life("tied").includes("stopped destroyed"));
  assert.deepEqual(await b.do("list", {}), []);
});

test("driver: autostart happens once per boot of the host", { timeout: 40_000 }, async (t) => {
  const b = await bench(t);
  await b.define({ name: "auto" });
  await b.do("setAutostart", { domain: { name: "auto" }, autostart: true });
  await b.driver.close();
  await b.start();
  assert.deepEqual(b.pids(), [], "this boot's autostart was done when nothing was marked");
  await b.driver.close();
  rmSync(b.paths.autostarted);
  await b.start();
  await b.until(() => b.life("auto").includes("started booted"));
});
