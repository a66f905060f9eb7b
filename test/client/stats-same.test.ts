/** The figures of the same guest by the same virsh commands, from the real libvirtd and from vireod: one shape. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { helloXml } from "../harness/domain-xml.ts";
import { Libvirtd } from "../harness/libvirtd.ts";
import { endTerminal, ESCAPE, INTERRUPT, type TerminalSession } from "../harness/terminal.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshInTerminal, virshOk } from "../harness/virsh.ts";

const READY = /vireo-guest ready/;
const BOOT_MS = 60_000;
const EVENT_MS = 20_000;

const NUMBER = /\d+(?:\.\d+)?/g;

/** Numbers are a run's own, those in the names of figures excepted, and so are the widths of columns. */
const shape = (text: string): string =>
  text
    .replace(/\/\S*\/(\w+\.(?:qcow2|img))/g, "DIR/$1")
    .replace(/^( +[\w.-]+=)?(.*)$/gm, (_, name: string | undefined, rest: string) =>
      [name ?? "", rest.replace(NUMBER, "N")].join(""),
    )
    .replace(/[ \t]+/g, " ")
    .replace(/^-+$/gm, "---");

/** What each write of the guest consists of: 4 times 64 KiB from the beginning. */
const WRITTEN = 4 * 64 * 1024;

const OFF = [
  "domblkstat hello vda",
  "domblkinfo hello vda",
  "domblkinfo hello --all",
  "domblklist hello --details",
  "domblkerror hello",
  "domblkthreshold hello vda 1000",
  "dommemstat hello",
  "cpu-stats hello",
  "domcontrol hello",
  "domifstat hello nosuch",
  "domdirtyrate-calc hello",
  "domstats hello --state --balloon --vcpu --interface --block --perf --iothread --memory --dirtyrate --vm",
];

const GROUPS =
  "state cpu-total balloon vcpu interface block perf iothread memory dirtyrate vm".split(" ");

const ON = [
  "domstats hello",
  "domstats hello --nowait",
  "domstats hello --enforce",
  "domstats hello --block --backing",
  ...GROUPS.map((group) => `domstats hello --${group}`),
  "domstats --list-active --state",
  "domstats --list-inactive --state",
  "domstats --list-paused --state",
  "domblkstat hello vda",
  "domblkstat hello vda --human",
  "domblkstat hello",
  "domblkstat hello sda",
  "domblkstat hello nosuch",
  "domblkinfo hello vda",
  "domblkinfo hello vda --human",
  "domblkinfo hello sda",
  "domblkinfo hello nosuch",
  "domblkinfo hello --all",
  "domblklist hello --details",
  "domblkerror hello",
  "domblkthreshold hello vda 5000",
  "domblkthreshold hello vda[0] 5000",
  "domblkthreshold hello vda[9] 5000",
  "domblkthreshold hello nosuch 5000",
  "domstats hello --block",
  "dommemstat hello",
  "dommemstat hello --period 1",
  "dommemstat hello --period 2 --live --config",
  "dommemstat hello --period 0 --config",
  "domifstat hello nosuch",
  "cpu-stats hello",
  "cpu-stats hello --total",
  "cpu-stats hello --start 99",
  "domdirtyrate-calc hello --seconds 90",
  "domdirtyrate-calc hello --seconds 1 --mode=dirty-ring",
  "domdirtyrate-calc hello --seconds 1",
  "vcpuinfo hello --pretty",
  "vcpucount hello",
  "domcontrol hello",
];

const HOST = [
  "maxvcpus",
  "maxvcpus --type qemu",
  "maxvcpus --type nosuch",
  "nodeinfo",
  "nodecpustats",
  "nodecpustats --cpu 0",
  "nodecpustats --cpu 99",
  "nodecpustats --percent",
  "nodememstats",
  "nodememstats --cell 0",
  "nodememstats --cell 9",
  "freecell",
  "freecell --all",
  "freecell 0",
  "freecell 9",
  "freepages --all",
  "freepages 0 4",
  "freepages 9 4",
  "freepages 0 3",
  "allocpages 4 1",
  "allocpages 3 1",
  "node-memory-tune",
  "nodecpumap --pretty",
  "nodesuspend mem 60",
  "nodesuspend disk 60",
  "nodesuspend hybrid 60",
];

interface Host {
  readonly uri: string;
  readonly directory: string;
  readonly console: () => Promise<TerminalSession>;
}

const disk = (target: string, rest: string): string =>
  `<disk type='file' device='disk'>${rest}<target dev='${target}' bus='virtio'/></disk>`;

/** A chain of two, a raw image, an empty drive, two I/O threads, a network card without and one with a tap. */
function guestXml(directory: string, tap: string): string {
  const at = (name: string): string => join(directory, name);
  const create = (...args: readonly string[]): unknown =>
    execFileSync("qemu-img", ["create", "-q", ...args]);
  create("-f", "qcow2", at("base.qcow2"), "20M");
  create("-f", "qcow2", "-b", at("base.qcow2"), "-F", "qcow2", at("top.qcow2"));
  create("-f", "raw", at("raw.img"), "8M");
  const below = `<backingStore type='file'><format type='qcow2'/><source file='${at("base.qcow2")}'/><backingStore/></backingStore>`;
  const disks = [
    disk(
      "vda",
      `<driver name='qemu' type='qcow2' iothread='1'/><source file='${at("top.qcow2")}'/>${below}`,
    ),
    disk("vdb", `<driver name='qemu' type='raw'/><source file='${at("raw.img")}'/>`),
    "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>",
    `<interface type='ethernet'><target dev='${tap}'/><model type='virtio'/></interface>`,
  ];
  return helloXml()
    .replace("<vcpu>1</vcpu>", "<vcpu current='2'>3</vcpu><iothreads>2</iothreads>")
    .replace(
      "<memballoon model='virtio'/>",
      "<memballoon model='virtio'><stats period='3'/></memballoon>",
    )
    .replace("<devices>", `<devices>${disks.join("")}`);
}

async function prepared(
  t: TestContext,
  daemon: { readonly uri: string; readonly cleanUp: () => Promise<void> },
  tap: string,
): Promise<Host> {
  const directory = mkdtempSync(join(tmpdir(), "vireo-stats-"));
  t.after(async () => {
    await daemon.cleanUp();
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, "hello.xml");
  writeFileSync(path, guestXml(directory, tap));
  await virshOk(daemon.uri, "define", path);
  const console = async (): Promise<TerminalSession> => {
    const session = virshInTerminal(daemon.uri, ["console", "hello"]);
    t.after(() => endTerminal(session, ESCAPE));
    await session.conversation.expect(READY, BOOT_MS);
    return session;
  };
  return { uri: daemon.uri, directory, console };
}

/** Exit code and what was printed. */
async function answer(uri: string, command: string): Promise<string> {
  const { status, stdout, stderr } = await virsh(uri, command.split(" "));
  return `${status}\n${stdout}${stderr}`.trim();
}

async function compare(
  t: TestContext,
  hosts: readonly Host[],
  commands: readonly string[],
): Promise<void> {
  for (const command of commands) {
    const [expected = "", actual = ""] = await Promise.all(
      hosts.map(({ uri }) => answer(uri, command)),
    );
    await t.test(command, () => assert.equal(shape(actual), shape(expected)));
  }
}

/** The figures of one domain, by name. */
async function figures(uri: string, ...groups: readonly string[]): Promise<Map<string, number>> {
  const text = await virshOk(uri, "domstats", "hello", ...groups);
  return new Map(
    [...text.matchAll(/^\s+([\w.-]+)=(\d+)$/gm)].map(([, name = "", value]) => [
      name,
      Number(value),
    ]),
  );
}

/** Asks again until the measurement has ended. */
async function measured(uri: string): Promise<string> {
  for (;;) {
    const text = await virshOk(uri, "domstats", "hello", "--dirtyrate");
    if (text.includes("calc_status=2")) return text;
  }
}

/** How often QEMU asks the guest's balloon driver, as it says itself. */
async function askedEvery(uri: string): Promise<unknown> {
  const place = { path: "/machine/peripheral/balloon0", property: "guest-stats-polling-interval" };
  const command = JSON.stringify({ execute: "qom-get", arguments: place });
  const { return: seconds }: { return?: unknown } = Object(
    JSON.parse(await virshOk(uri, "qemu-monitor-command", "hello", command)),
  );
  return seconds;
}

/** What virsh prints about the events that a write of the guest sets off. */
async function thresholdEvents(host: Host, console: TerminalSession): Promise<string> {
  const watching = virshInTerminal(
    host.uri,
    "event --domain hello --event block-threshold --loop".split(" "),
  );
  const enough = new AbortController();
  const told = watching.conversation
    .expect(/(?:event 'block-threshold'[^\n]*\n){2}/, EVENT_MS)
    .finally(() => enough.abort());
  try {
    while (!enough.signal.aborted) {
      // virsh does not say from when on it listens
      await virshOk(host.uri, "domblkthreshold", "hello", "vdb", "4096");
      console.conversation.say(
        "dd if=/dev/zero of=/dev/vdb bs=64k count=4 conv=fsync; echo wro''te\n",
      );
      await console.conversation.expect(/wrote\r?\n/, EVENT_MS);
    }
    return shape((await told)[0].replaceAll("\r", ""));
  } finally {
    await endTerminal(watching, INTERRUPT);
  }
}

test("virsh tells the same figures of the same guest", async (t) => {
  const missing = Libvirtd.missing();
  if (missing !== undefined) return t.skip(missing);
  const hosts = await Promise.all([
    Libvirtd.started().then((daemon) => prepared(t, daemon, "vs0")),
    Vireod.started().then((daemon) => prepared(t, daemon, `vs${process.pid}`)),
  ]);
  await t.test("of a domain that is off", (off) => compare(off, hosts, OFF));
  await t.test("of the host", (host) => compare(host, hosts, HOST));
  const consoles: TerminalSession[] = [];
  for (const { uri, console } of hosts) {
    await virshOk(uri, "start", "hello");
    consoles.push(await console());
  }
  await t.test("the guest is asked for its memory as often as it was defined", async () => {
    for (const { uri } of hosts) assert.equal(await askedEvery(uri), 3);
  });
  await t.test("of one that runs", (on) => compare(on, hosts, ON));
  await t.test("and as often as was changed since", async () => {
    for (const { uri } of hosts) assert.equal(await askedEvery(uri), 2);
  });
  await t.test("of how fast it writes to its memory", async () => {
    const [expected = "", actual = ""] = await Promise.all(hosts.map(({ uri }) => measured(uri)));
    assert.equal(shape(actual), shape(expected));
  });
  await t.test("the figures are plausible", async () => {
    const [expected, actual] = await Promise.all(hosts.map(({ uri }) => figures(uri)));
    assert.ok(expected && actual);
    const at = (name: string): number => actual.get(name) ?? Number.NaN;
    for (const name of ["block.0.capacity", "balloon.available", "vcpu.current", "net.count"])
      assert.equal(at(name), expected.get(name), name);
    assert.ok(at("cpu.time") >= at("vcpu.0.time"), "the vCPUs are a part of the process");
    assert.ok(at("vcpu.0.time") > 0);
    assert.ok(at("vcpu.0.delay") > 0, "some other process wanted a processor too");
    assert.ok(at("balloon.rss") > 32 * 1024 && at("balloon.unused") < at("balloon.available"));
  });
  await t.test("a write is counted, and beyond the threshold it is told of", async () => {
    const told: string[] = [];
    for (const [i, host] of hosts.entries()) {
      const console = consoles[i];
      assert.ok(console);
      told.push(await thresholdEvents(host, console));
    }
    assert.equal(told[1], told[0]);
    const [expected, actual] = await Promise.all(hosts.map(({ uri }) => figures(uri, "--block")));
    assert.ok(expected && actual);
    assert.equal(actual.get("block.1.allocation"), WRITTEN);
    assert.equal(actual.get("block.1.allocation"), expected.get("block.1.allocation"));
    assert.equal((actual.get("block.1.wr.bytes") ?? Number.NaN) % WRITTEN, 0);
  });
});
