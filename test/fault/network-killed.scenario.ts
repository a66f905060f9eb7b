/** What the test beside runs in a network namespace of its own: vireod dies in the middle of works on a network. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { explainError } from "@vireo/model/error";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";
import { virsh } from "../harness/virsh.ts";
import { Fuse, spread } from "./fuse.ts";

refuseHostNetwork();

const ALL = process.env["VIREO_CRASH_POINTS"] === "all";
const [, , backend = "nftables"] = process.argv;
const directory = mkdtempSync(join(tmpdir(), "vireo-network-killed-"));
const fuse = new Fuse(directory, ["--firewall-backend", backend]);
const { vireod } = fuse;
const LINE = "@@@";

/** @throws Error with virsh's words */
async function ask(...lines: readonly string[]): Promise<readonly string[]> {
  if (lines.length === 0) return [];
  const words = lines.join(`; echo ${LINE}; `).replaceAll("DIR", directory);
  const { status, stdout, stderr } = await virsh(vireod.uri, ["-q", words]);
  if (status !== 0) throw new Error(`virsh '${words}': ${stderr}${stdout}`);
  return stdout.split(LINE).map((answer) => answer.trim());
}
const sh = (line: string): string => {
  const [program = "", ...words] = line.split(" ");
  return execFileSync(program, words, { encoding: "utf8" });
};

const PORT = "aaaaaaaa-0000-4000-8000-000000000001";
const network = (more = ""): string =>
  `<network><name>crash</name><uuid>7d5f8a7e-0000-4000-8000-000000000001</uuid><forward mode='nat'/>
  <bridge name='virbr7'/><mac address='52:54:00:77:00:01'/>
  <bandwidth><inbound average='1000'/><outbound average='1000'/></bandwidth>
  <ip address='10.77.0.1' prefix='24'><dhcp><range start='10.77.0.2' end='10.77.0.9'/>${more}</dhcp></ip>
  <ip family='ipv6' address='fd00:77::1' prefix='64'/><route address='10.78.0.0' prefix='24' gateway='10.77.0.9'/></network>`;
const HOST = "<host mac='52:54:00:00:00:08' ip='10.77.0.8'/>";
const FILES = {
  "net.xml": network(),
  "again.xml": network(HOST),
  "host.xml": HOST,
  "port.xml": `<networkport><uuid>${PORT}</uuid><owner><name>g</name><uuid>5c6d49af-b071-4127-b4ec-6f8ed4b55335</uuid></owner><mac address='52:54:00:00:00:09'/></networkport>`,
};

const DEFINE = "net-define DIR/net.xml";
const RUNS = [DEFINE, "net-start crash"];
const PLUGGED = [...RUNS, "net-port-create crash DIR/port.xml"];

interface Work {
  readonly name: string;
  readonly before: readonly string[];
  readonly work: string;
  /** Points that are taken when not all are; of some works none. */
  readonly sample: number;
}
const WORKS: readonly Work[] = [
  { name: "define", before: [], work: DEFINE, sample: 0 },
  { name: "redefine", before: RUNS, work: "net-define DIR/again.xml", sample: 0 },
  { name: "start", before: [DEFINE], work: "net-start crash", sample: 2 },
  { name: "create", before: [], work: "net-create DIR/net.xml", sample: 0 },
  {
    name: "update",
    before: RUNS,
    work: "net-update crash add-last ip-dhcp-host DIR/host.xml --live --config",
    sample: 2,
  },
  { name: "destroy", before: PLUGGED, work: "net-destroy crash", sample: 2 },
  {
    name: "undefine",
    before: [...RUNS, "net-autostart crash"],
    work: "net-undefine crash",
    sample: 1,
  },
  { name: "autostart", before: RUNS, work: "net-autostart crash", sample: 0 },
  { name: "port create", before: RUNS, work: "net-port-create crash DIR/port.xml", sample: 0 },
  { name: "port delete", before: PLUGGED, work: `net-port-delete crash ${PORT}`, sample: 0 },
];

/** Servers of this vireod that run. */
function servers(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return words[0]?.endsWith("dnsmasq") && words.some((word) => word.includes(vireod.root))
          ? [pid]
          : [];
      } catch {
        return []; // ended just now
      }
    });
}
/** Files below a directory of the daemon's. */
const below = (path: string): readonly string[] => {
  const top = join(vireod.root, path);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(vireod.root, join(parentPath, name)))
    .toSorted();
};

const bridges = (): string =>
  sh("ip -o address show")
    .split("\n")
    .filter((line) => line.includes("virbr"))
    .join("\n");
const limits = (): string => (bridges() === "" ? "" : sh("tc class show dev virbr7"));

/** What is on the host because of networks. */
function hostPicture(): Readonly<Record<string, string>> {
  const conf = join(vireod.root, "lib/dnsmasq/crash.conf");
  const hosts = join(vireod.root, "lib/dnsmasq/crash.hostsfile");
  const text = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
  return {
    bridges: bridges()
      .replaceAll(/^\d+/gm, "N")
      .replaceAll(/ +valid_lft .*/g, ""),
    routes: sh("ip route show table main"),
    // a table that was put back stands behind the others
    rules: sh("nft list ruleset")
      .replaceAll(/counter packets \d+ bytes \d+/g, "counter")
      .split(/^(?=table )/m)
      .map((table) => table.trim())
      .toSorted()
      .join("\n"),
    limits: limits(),
    servers: String(servers().length),
    conf: text(conf) + text(hosts),
    // lists for libnss are made from the rest, at the next change or start
    files: [...below("lib/dnsmasq"), ...below("run/network"), ...below("etc/network")]
      .filter((file) => !/\.(macs|status)$/.test(file))
      .filter((path) => !path.includes("/.")) // revisions of definitions may be more than one
      .join(" "),
  };
}

type Picture = Readonly<Record<string, string>>;
async function picture(): Promise<Picture> {
  const [names = ""] = await ask("net-list --all --name");
  const host = hostPicture();
  if (names === "") return host;
  assert.equal(names, "crash");
  const [info = "", inactive = ""] = await ask("net-info crash", "net-dumpxml --inactive crash");
  const isActive = /Active: +yes/.test(info);
  const [live = "", ports = ""] = isActive
    ? await ask("net-dumpxml crash", "net-port-list crash")
    : [];
  return { ...host, info, inactive, live, ports };
}

const whatDiffers = (found: Picture, wanted: Picture): string =>
  [...new Set([...Object.keys(found), ...Object.keys(wanted)])]
    .filter((key) => found[key] !== wanted[key])
    .map((key) => `${key}: ${found[key]} instead of ${wanted[key]}`)
    .join("\n");

/** Back to no network. @throws Error when something stays */
async function clear(empty: Picture): Promise<void> {
  const [names = ""] = await ask("net-list --all --name");
  if (names !== "") {
    const [info = ""] = await ask("net-info crash");
    if (/Active: +yes/.test(info)) await ask("net-destroy crash");
    if (/Persistent: +yes/.test(info)) await ask("net-undefine crash");
  }
  assert.equal(whatDiffers(await picture(), empty), "", "left of the network");
}

let [taken, faults] = [0, 0];

async function walk({ name, before, work, sample }: Work, empty: Picture): Promise<void> {
  const doIt = (): Promise<unknown> => ask(work);
  await ask(...before);
  const first = await picture();
  const points = await fuse.record(doIt);
  const last = await picture();
  await clear(empty);
  const wanted = spread(points, ALL ? points.length : sample);
  for (const point of wanted) {
    try {
      await ask(...before);
      if (await fuse.dieAt(point, doIt)) await vireod.start();
      const found = await picture();
      const [then, now] = [whatDiffers(found, first), whatDiffers(found, last)];
      if (then !== "" && now !== "") assert.fail(`not as before: ${then}\nnot as after: ${now}`);
      const [unfinished] = below("run/network/journal");
      assert.equal(unfinished, undefined, "journal");
      await clear(empty);
    } catch (error) {
      faults += 1;
      console.log(
        `${name}: ${point.at} (${point.nth}): ${explainError(error)}\n${vireod.log.join("\n")}`,
      );
      await clear(empty).catch((cause: unknown) => {
        throw new Error(`${name}: ${point.at}: cannot be cleared`, { cause });
      });
    }
  }
  taken += wanted.length;
  console.log(`${name}: ${wanted.length} of ${points.length} points`);
}

try {
  chmodSync(vireod.root, 0o755); // dnsmasq reads its lists as somebody else
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(directory, name), text);
  await vireod.start();
  await ask(...PLUGGED);
  await ask("net-destroy crash", "net-undefine crash");
  const empty = await picture();
  for (const work of WORKS) if (ALL || work.sample > 0) await walk(work, empty);
  console.log(`all: ${taken} points, ${faults} faults`);
} finally {
  await vireod.cleanUp();
  for (const pid of servers()) process.kill(Number(pid), "SIGKILL");
  rmSync(directory, { recursive: true, force: true });
}
process.exitCode = faults === 0 ? 0 : 1;
