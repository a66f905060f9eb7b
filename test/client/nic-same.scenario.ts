/** Network cards of every kind by the same virsh commands on the real libvirtd and on vireod, each in a network of its own. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh } from "../harness/virsh.ts";
import { CARDS, domain, MAC, NETWORKS } from "./nic-cards.ts";

/** The same on both hosts. */
const LINKS = `
for bridge in one0 two0; do ip link add $bridge type bridge && ip link set $bridge up; done
ip link set two0 mtu 1400
ip link add out0 type veth peer name in0
ip link set out0 up && ip link set in0 up
ip tuntap add dev mine0 mode tap
`;

/** What differs between any two runs, and words of ours that stand for a reason. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/(vnet|macvtap)\d+ */g, "$1N "], // libvirt does not give a number twice
  [/portid="[^"]*"/g, "portid"],
  [/interfaceid="[^"]*"/g, "interfaceid"],
  [/[\w./-]*\/(\w+\.xml)/g, "DIR/$1"],
  [/ (rx|tx)_(\w+) \d+/g, " $1_$2 N"],
  [/-{20,}\n/g, ""], // the table is as wide as its names
  [/ {2,}/g, " "],
  // libvirt tells the whole environment of a script
  [
    /(?:internal error: )?(?:Child process \(.*|Cannot run .*|'\/\S+ vnetN ' ended .*)$/gm,
    "SCRIPT",
  ],
  [/ for vdpa device/g, ""],
];
const comparable = (text: string): string =>
  VARYING.reduce((words, [pattern, put]) => words.replace(pattern, put), text).trim();

const INTERFACE = "dumpxml one --xpath //interface";
const LOOK = `${INTERFACE}; domiflist one; domif-getlink one ${MAC}; domifstat one ${MAC}`;
const names = Object.keys(CARDS);
/** A libvirtd takes its time for each start, so most cards are plugged into a guest that runs. */
const STARTED: readonly string[] = [
  "user",
  "bridge",
  "bridgeQueues",
  "directPass",
  "ethernetUnmanaged",
  "ethernetIp",
  "netNat",
  "netBridge",
  "netPrivate",
];
const PLUGGED = names.filter(
  (name) => !["bridgeMine", "directScript", "directPass", "ethernetUnmanaged"].includes(name),
);
/** So many fit into a board. */
const SLOTS = 25;
/** What a card on a bridge is changed into, and what cards of other kinds are. */
const CHANGES = names.filter((name) =>
  /^(bridge|net|direct(Bridge|None)|user$|ethernet$)/.test(name),
);
const FEW = CHANGES.filter((name) =>
  /^(user|bridge(|Two|Vlan|Filter)|net(Nat|Bridge|Private|Group)|directBridge|ethernet)$/.test(
    name,
  ),
);
const CHANGED = {
  bridge: CHANGES,
  netNat: FEW,
  directBridge: FEW,
  ethernet: FEW,
  user: FEW,
  netPrivate: FEW,
};

const SCRIPTS: readonly string[] = [
  ...Object.keys(NETWORKS).map((name) =>
    name === "off1" ? "net-define @off1" : `net-create @${name}`,
  ),
  ...names.map((name) => `define @domain_${name}; ${INTERFACE}; undefine one`),
  ...STARTED.map((name) => `create @domain_${name} --paused; ${LOOK}; destroy one`),
  ...PLUGGED.flatMap((name, at) => [
    ...(at % SLOTS === 0 ? ["destroy one", "create @empty --paused"] : []),
    `attach-device one @${name} --live; dumpxml one --xpath (//interface)[last()]`,
  ]),
  "destroy one",
  ...Object.entries(CHANGED).flatMap(([from, changes]) => [
    `create @domain_${from} --paused`,
    ...changes.map((to) => `update-device one @${to} --live; ${INTERFACE}`),
    `domif-setlink one ${MAC} down; domif-getlink one ${MAC}; ${INTERFACE}`,
    "destroy one",
  ]),
];

test("virsh says the same of network cards of every kind", {
  skip: Libvirtd.missing() ?? false,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-nic-same-"));
  const [real, ours] = await Promise.all([Libvirtd.started({ ownLinks: true }), Vireod.started()]);
  t.after(async () => {
    await Promise.all([real.cleanUp(), ours.cleanUp()]);
    rmSync(directory, { recursive: true, force: true });
  });
  for (const pid of [real.pid, ours.pid])
    execFileSync("nsenter", ["-t", String(pid), "-n", "sh", "-e", "-c", LINKS]);
  const cards = Object.entries(CARDS);
  const domains = cards.map(([name, xml]) => [`domain_${name}`, domain(xml)] as const);
  const files = [...Object.entries(NETWORKS), ...cards, ...domains, ["empty", domain("")] as const];
  for (const [name, xml] of files) writeFileSync(join(directory, `${name}.xml`), xml);

  const answer = async (uri: string, script: string): Promise<string> => {
    const text = script.replaceAll(/@(\w+)/g, (_, name: string) => join(directory, `${name}.xml`));
    const { stdout, stderr } = await virsh(uri, [text]);
    return comparable(`${stdout}\n${stderr}`);
  };
  const answers = async ({ uri }: { readonly uri: string }): Promise<readonly string[]> => {
    const all: string[] = [];
    for (const script of SCRIPTS) all.push(await answer(uri, script));
    return all;
  };
  const [wanted, got] = await Promise.all([answers(real), answers(ours)]);
  for (const [at, script] of SCRIPTS.entries())
    await t.test(script, () => assert.equal(got[at], wanted[at]));
  t.diagnostic(`figure: ${SCRIPTS.length} scripts about ${names.length} cards`);
});
