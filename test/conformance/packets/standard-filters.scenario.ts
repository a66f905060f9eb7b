/**
 * The standard filters against real frames, in a network namespace of its own:
 *
 *     standard-filters.scenario.ts [all | short] [FILTER]
 *
 * What the filters of the real libvirtd, put in force by itself, let through and stop is what ours have to, in
 * iptables and in nftables. `short` takes every seventh frame. Filters that only let something through are
 * tried with everything else of their chain refused.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Call, FirewallBackend, Role } from "../../../packages/daemon/driver/contract.ts";
import { startNwFilterDriver } from "../../../packages/daemon/driver/nwfilter/nwfilter-driver.ts";
import { DaemonLog } from "../../../packages/daemon/host/daemon-log.ts";
import { makeDirectories, pathsOf } from "../../../packages/daemon/host/paths.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";
import { STANDARD_FILTERS } from "../../../packages/model/nwfilter/standard-filters.ts";
import { Libvirtd } from "../../harness/libvirtd.ts";
import { run } from "../../harness/run.ts";
import { forgetConnections, makeBridge, openSender, openWorld } from "./bridge-lab.ts";
import { GATEWAY, GUEST, type StandardFrame, standardFrames } from "./standard-frames.ts";

refuseHostNetwork();

const [amount = "all", only] = process.argv.slice(2);
/** A number that divides no list of variants, so that some of each are taken. */
const EVERY = 7;
const SHOWN = 60;
const frames = standardFrames().filter((_, at) => amount === "all" || at % EVERY === 0);
const names = STANDARD_FILTERS.map(({ name }) => name).filter((name) =>
  [name, undefined].includes(only),
);

const PARAMETERS = [
  { name: "IP", value: GUEST.ip },
  { name: "IPV6", value: GUEST.ipv6 },
  { name: "DHCPSERVER", value: GATEWAY.ip },
  { name: "GATEWAY_MAC", value: GATEWAY.mac },
];
/** Variables of IPv6 where those of IPv4 would stand. */
const parametersOf = (filter: string): typeof PARAMETERS =>
  filter === "allow-dhcpv6-server"
    ? PARAMETERS.map((one) => (one.name === "DHCPSERVER" ? { ...one, value: GATEWAY.ipv6 } : one))
    : PARAMETERS;

const OWNER = { name: "g", uuid: "5c6d49af-b071-4127-b4ec-6f8ed4b55335" };
const OTHER_UUID = "5c6d49af-b071-4127-b4ec-6f8ed4b55336";
const CLOSED = "closed";
/**
 * The filter, and in the same chain a last rule that refuses the rest. Not in the root chain: libvirt's ebtables
 * let through what comes to the end of a chain below it, ours and nftables go on in the root.
 */
const closedXml = (filter: string): readonly string[] => {
  const { chain, priority } = STANDARD_FILTERS.find(({ name }) => name === filter) ?? {};
  const rest = "<rule action='drop' direction='inout' priority='1000'/>";
  return [
    `<filter name='rest' chain='${chain}' priority='${priority}'><uuid>${OTHER_UUID}</uuid>${rest}</filter>`,
    `<filter name='${CLOSED}'><uuid>${OWNER.uuid}</uuid><filterref filter='${filter}'/><filterref filter='rest'/></filter>`,
  ];
};
const isClosed = (filter: string): boolean =>
  filter.startsWith("allow-") || filter === "qemu-announce-self-rarp";
const inForce = (filter: string): string => (isClosed(filter) ? CLOSED : filter);

/** Puts filters in force on vnet0, and takes them off. */
interface Subject {
  readonly name: string;
  readonly define: (xml: string) => Promise<void>;
  readonly bind: (filter: string) => Promise<void>;
  readonly unbind: () => Promise<void>;
  readonly end: () => Promise<void>;
}
const bindingXml = (filter: string): string => `<filterbinding>
  <owner><name>${OWNER.name}</name><uuid>${OWNER.uuid}</uuid></owner>
  <portdev name='vnet0'/><mac address='${GUEST.mac}'/>
  <filterref filter='${inForce(filter)}'>${parametersOf(filter)
    .map(({ name, value }) => `<parameter name='${name}' value='${value}'/>`)
    .join("")}</filterref>
</filterbinding>`;

async function real(directory: string): Promise<Subject> {
  const libvirtd = await Libvirtd.started({ sharesNetwork: true });
  const virsh = async (...args: readonly string[]): Promise<void> => {
    const { status, stderr } = await run("virsh", ["-c", libvirtd.uri, ...args]);
    assert.equal(status, 0, stderr);
  };
  const document = (xml: string): string => {
    const path = join(directory, "document.xml");
    writeFileSync(path, xml);
    return path;
  };
  return {
    name: "libvirtd",
    define: (xml) => virsh("nwfilter-define", document(xml)),
    bind: (filter) => virsh("nwfilter-binding-create", document(bindingXml(filter))),
    unbind: () => virsh("nwfilter-binding-delete", "vnet0"),
    end: () => libvirtd.cleanUp(),
  };
}

const call: Call = {
  caller: { name: "test", readOnly: false, door: "daemon" },
  uri: "qemu:///system",
  onDisconnect: () => undefined,
};

async function ours(directory: string, backend: FirewallBackend): Promise<Subject> {
  const paths = pathsOf(join(directory, backend));
  await makeDirectories(paths);
  const { driver } = await startNwFilterDriver(paths, new DaemonLog("warn").logger, backend);
  // the driver has every handler
  const filter = driver.roles.nwfilter as Required<Role<"nwfilter">>;
  const binding = driver.roles.nwfilterBinding as Required<Role<"nwfilterBinding">>;
  return {
    name: backend,
    define: async (xml) => void (await filter.define({ xml }, call)),
    bind: async (name) => void (await binding.create({ xml: bindingXml(name) }, call)),
    unbind: async () => binding.delete({ binding: { name: "vnet0" } }, call),
    end: driver.close,
  };
}

type Verdicts = ReadonlyMap<string, readonly boolean[]>;

const root = mkdtempSync(join(tmpdir(), "vireo-standard-"));
const world = await openWorld();
const pid = String(world.pid);
await makeBridge(pid);
const sender = openSender(pid);
let number = 1;

async function verdictsOf(subject: Subject): Promise<Verdicts> {
  const verdicts = new Map<string, readonly boolean[]>();
  for (const name of names) {
    if (isClosed(name)) for (const xml of closedXml(name)) await subject.define(xml);
    await subject.bind(name);
    const first = number;
    number += frames.length;
    await forgetConnections();
    const seen = await sender.send(
      frames.map(({ way, bytes }, at) => [
        way === "out" ? "eth0" : "eth1",
        bytes(first + at).toString("hex"),
      ]),
    );
    await subject.unbind();
    verdicts.set(
      name,
      frames.map((_, at) => seen.has(first + at)),
    );
  }
  return verdicts;
}

const describe = (name: string, frame: StandardFrame | undefined, passed: boolean): string =>
  `${name}: ${frame?.way} ${passed ? "came through" : "was stopped"}: ${frame?.label}`;

/** Frames that went another way than with the real libvirtd. */
const wrongOf = (wanted: Verdicts, got: Verdicts): readonly string[] =>
  names.flatMap((name) =>
    (got.get(name) ?? []).flatMap((passed, at) =>
      passed === wanted.get(name)?.[at] ? [] : [describe(name, frames[at], passed)],
    ),
  );

let failed = 0;
try {
  const judge = await real(root);
  const wanted = await verdictsOf(judge);
  await judge.end();
  const all = [...wanted.values()].flat();
  const stopped = all.filter((passed) => !passed).length;
  assert.ok(stopped > 0 && stopped < all.length, "frames pass and are stopped");
  console.log(
    `libvirtd: ${names.length} filters, ${frames.length} frames each, ${stopped} of ${all.length} stopped`,
  );
  for (const backend of ["iptables", "nftables"] as const) {
    const subject = await ours(root, backend);
    const wrong = wrongOf(wanted, await verdictsOf(subject));
    await subject.end();
    failed += wrong.length;
    console.log(`${backend}: ${wrong.length} wrong`);
    for (const text of wrong.filter((_, at) => at % Math.ceil(wrong.length / SHOWN) === 0))
      console.log(`  ${text}`);
  }
} finally {
  sender.end();
  world.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;
