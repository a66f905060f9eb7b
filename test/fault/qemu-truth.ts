/** Whether a running QEMU has just what the domain's XML says: devices, images, lines, nothing else. */
import assert from "node:assert/strict";
import { GUEST } from "./crash-guest.ts";
import type { CrashStage } from "./crash-stage.ts";

interface Named {
  readonly name?: string;
  readonly label?: string;
  readonly type?: string;
  readonly "node-name"?: string;
  readonly id?: string;
}

interface Image {
  readonly filename: string;
  readonly "backing-image"?: Image;
}

interface Block {
  readonly qdev?: string;
  readonly inserted?: { readonly image: Image };
}

const QUESTIONS = [
  ["qom-list", { path: "/machine/peripheral" }],
  ["query-named-block-nodes", { flat: true }],
  ["query-chardev", {}],
  ["query-jobs", {}],
  ["query-block-exports", {}],
  ["query-block", {}],
] as const;

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].toSorted();

const allIn = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = ""]) => name);

const chainOf = (image: Image | undefined): readonly string[] =>
  image === undefined ? [] : [image.filename, ...chainOf(image["backing-image"])];

/** Images of each disk by its alias, as the XML tells them, top first. */
function disksIn(xml: string): ReadonlyMap<string, readonly string[]> {
  const disks = allIn(xml, /(<disk [\s\S]*?<\/disk>)/g);
  return new Map(
    disks.map((disk) => [
      allIn(disk, /<alias name='([^']+)'/g)[0] ?? "",
      allIn(disk, /<source file='([^']+)'/g),
    ]),
  );
}

async function answers(stage: CrashStage) {
  const lines = QUESTIONS.map(([execute, args]) => JSON.stringify({ execute, arguments: args }));
  const said = await stage.ask(
    ...lines.map((line) => `qemu-monitor-command ${GUEST} '${line}'`),
    `qemu-monitor-command ${GUEST} --hmp 'info network'`,
    `dumpxml ${GUEST}`,
  );
  const lists = said
    .slice(0, QUESTIONS.length)
    .map((text) => (JSON.parse(text) as { return: unknown[] }).return); // QEMU's own
  return { lists, network: said.at(-2) ?? "", xml: said.at(-1) ?? "" };
}

/** @throws AssertionError when QEMU has more or less than the XML says */
export async function checkQemu(stage: CrashStage): Promise<void> {
  const { lists, network, xml } = await answers(stage);
  const [peripheral, nodes, chardevs, jobs, exports_, blocks] = lists as [
    Named[],
    Named[],
    Named[],
    Named[],
    Named[],
    Block[],
  ];
  const aliases = allIn(xml, /<alias name='([^']+)'/g);
  const devices = peripheral.flatMap(({ name, type }) => (type === "string" ? [] : (name ?? "")));
  const vcpus = Number(/<vcpu [^>]*current='(\d+)'/.exec(xml)?.[1] ?? 2) - 1;
  assert.deepEqual(
    sorted(devices.filter((name) => !aliases.includes(name) && !name.startsWith("vcpu"))),
    [],
    "devices that QEMU has and the XML has not",
  );
  assert.equal(devices.filter((name) => name.startsWith("vcpu")).length, vcpus, "plugged vCPUs");
  assert.deepEqual(
    aliases.filter((name) => /disk|net/.test(name) && !devices.includes(name)),
    [],
    "devices that the XML has and QEMU has not",
  );
  assert.deepEqual(
    sorted(nodes.flatMap((one) => /^libvirt-(\d+)-/.exec(one["node-name"] ?? "")?.[1] ?? [])),
    sorted(allIn(xml, /<(?:source|backingStore) [^>]*index='(\d+)'/g)),
    "numbers of block nodes, and of sources",
  );
  assert.deepEqual(
    sorted(chardevs.flatMap(({ label }) => /^char(.+)/.exec(label ?? "")?.[1] ?? [])),
    sorted([...aliases.filter((name) => /^serial|^channel/.test(name)), "monitor"]),
    "lines",
  );
  assert.deepEqual(
    sorted(allIn(network, /host(net\d+):/g)),
    sorted(aliases.filter((name) => /^net\d/.test(name))),
    "network cards",
  );
  assert.deepEqual([jobs, exports_], [[], []], "jobs and exports");
  for (const [alias, chain] of disksIn(xml)) {
    const block = blocks.find(({ qdev = "" }) => qdev.split("/").includes(alias));
    assert.deepEqual(
      chainOf(block?.inserted?.image),
      chain,
      `images of ${alias}, QEMU's and the XML's`,
    );
  }
}
