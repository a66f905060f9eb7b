/** Hosts that this machine is not, shown to the real libvirtd and to vireod: the same devices, told the same way. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { judge, readLedger } from "../conformance/ledger.ts";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { virsh, virshOk } from "../harness/virsh.ts";
import { hostTreeText, writeHostTree } from "./host-tree.ts";

const CAPABILITIES =
  "system pci usb_device usb net scsi_host scsi_target scsi storage fc_host vports scsi_generic drm mdev_types mdev ccw css vdpa ap_card ap_queue ap_matrix vpd".split(
    " ",
  );

/** Every command about every device, of both, in one order. */
const COMMANDS = [
  "nodedev-list",
  "nodedev-list --all",
  "nodedev-list --inactive",
  "nodedev-list --tree",
];

/** Not told apart: blanks before the end of an empty element, and the order of a directory's files. */
const comparable = (answer: string): string =>
  answer.replace(/ \/>/g, "/>").replace(/(?: +<type id=[^]*?<\/type>\n)+/g, (types) =>
    types
      .split(/(?<=<\/type>\n)/)
      .toSorted()
      .join(""),
  );

const MARK = "--- next ---";

/** What each command prints, all asked by one virsh. */
async function answers(
  uri: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const perDevice = names.flatMap((name) => [`nodedev-dumpxml ${name}`, `nodedev-info ${name}`]);
  const perKind = CAPABILITIES.map((cap) => `nodedev-list --cap ${cap}`);
  const commands = [...COMMANDS, ...perKind, ...perDevice];
  const { stdout } = await virsh(uri, [commands.join(`; echo '${MARK}'; `)]);
  const parts = stdout.split(`${MARK}\n`);
  assert.equal(parts.length, commands.length);
  return new Map(commands.map((command, at) => [command, comparable(parts[at] ?? "")]));
}

async function bothOf(t: TestContext, directory: string): Promise<readonly [string, string]> {
  const real = await Libvirtd.started({ deviceRoot: directory });
  t.after(() => real.cleanUp());
  const ours = new Vireod(undefined, [], { VIREO_DEVICES: directory });
  t.after(() => ours.cleanUp());
  await ours.start();
  return [real.uri, ours.uri];
}

const ledger = readLedger();

for (const name of ["sriov", "storage", "fibre-channel", "mdev", "usb", "s390"])
  test(`node devices of a host with ${name}: told as libvirt tells them`, {
    skip: Libvirtd.missing() ?? false,
  }, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), "vireo-tree-"));
    t.after(() => rmSync(directory, { recursive: true, force: true }));
    const places = { sys: join(directory, "sys"), udev: join(directory, "udev") };
    writeHostTree(places, hostTreeText(name));
    symlinkSync("/usr/share/misc/pci.ids", join(directory, "pci.ids"));
    const [real, ours] = await bothOf(t, directory);
    const names = (await virshOk(real, "nodedev-list")).split("\n");
    const wanted = await answers(real, names);
    const got = await answers(ours, names);
    const results = [...wanted].map(([command, answer]) => ({
      corpus: "node-device",
      id: `${name}: ${command}`,
      tier: "virsh",
      passed: got.get(command) === answer,
      detail: "",
    }));
    for (const { id, verdict } of judge(results, ledger))
      await t.test(id, () => {
        const command = id.slice(id.indexOf(": ") + 2);
        if (verdict === "failed") assert.equal(got.get(command), wanted.get(command));
        assert.notEqual(verdict, "listed but passes", "take it out of the ledger");
      });
  });
