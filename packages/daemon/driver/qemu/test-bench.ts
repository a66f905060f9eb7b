/** For tests of the driver: a root of its own, real guests of a few bytes, every event kept. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { pino } from "pino";
import type { DomainEvent } from "@vireo/model/event";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import { monotonicMs } from "../../host/clock.ts";
import { makeDirectories, pathsOf, type Paths } from "../../host/paths.ts";
import type { Call, Driver, Role } from "../contract.ts";
import { bootDisk, IDLE } from "./boot-disk.ts";
import { startQemuDriver } from "./qemu-driver.ts";

export interface Guest {
  readonly name: string;
  readonly code?: readonly number[];
  /** More elements of `<domain>`. */
  readonly xml?: string;
  readonly devices?: string;
}

export class Bench {
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
    this.#driver = await startQemuDriver(
      this.paths,
      pino({ level: process.env["VIREO_TEST_LOG"] ?? "silent" }),
    );
    this.#driver.events.domain?.subscribe((event) => {
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
    writeFileSync(disk, bootDisk(code));
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
  async do<V extends keyof Role<"domain">>(
    verb: V,
    input: Parameters<NonNullable<Role<"domain">[V]>>[0],
  ): Promise<Awaited<ReturnType<NonNullable<Role<"domain">[V]>>>> {
    const handler: unknown = this.driver.roles.domain?.[verb];
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

  /** What the domain's log says. */
  logOf(name: string): string {
    return readFileSync(join(this.paths.qemuLog, `${name}.log`), "utf8");
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

  /** The QEMU of one domain; the test fails when there is none. */
  pidOf(name: string): number {
    const pid = this.pids().find((one) =>
      readFileSync(`/proc/${one}/cmdline`, "utf8").includes(`guest=${name},`),
    );
    assert.ok(pid !== undefined, `no QEMU of ${name}`);
    return pid;
  }

  async end(): Promise<void> {
    await this.#driver?.close();
    for (const pid of this.pids()) process.kill(pid, "SIGKILL");
    await this.until(() => this.pids().length === 0);
    rmSync(this.#dir, { recursive: true });
  }
}

export async function bench(t: TestContext): Promise<Bench> {
  const made = new Bench(mkdtempSync(join(tmpdir(), "vireo-driver-")));
  t.after(() => made.end());
  await made.start();
  return made;
}
