import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { isError } from "@vireo/model/error";
import type { NodeDeviceEvent } from "@vireo/model/node/node-device-event";
import type { Call, Role } from "../contract.ts";
import { rootsBelow } from "../../host/device-roots.ts";
import { DeviceIndex } from "./device-index.ts";
import { DeviceTree } from "./device-tree.ts";
import { nodeDeviceRole } from "./node-device-role.ts";
import { parsePciIds } from "./pci-names.ts";

const call: Call = {
  caller: { name: "test", readOnly: false, door: "daemon" },
  uri: "qemu:///system",
  onDisconnect: () => undefined,
};
const CARD = "0000:01:00.0";
const SOUND = "0000:01:00.1";
const UUID = "c60cc60c-c60c-460c-860c-c60cc60cc60c";
const DRIVERS: Readonly<Record<string, string>> = { [CARD]: "nvidia", [SOUND]: "snd_hda_intel" };

/** A little of what a kernel does when its files are written to. */
class FakeKernel extends DeviceTree {
  readonly written: [string, string][] = [];

  override async write(path: string, text: string): Promise<void> {
    const shown = this.shown(path);
    this.written.push([shown, text.trim()]);
    if (shown.endsWith("/create")) this.#makeMdev(path, text);
    else if (shown.endsWith("/remove"))
      rmSync(this.at(`bus/mdev/devices/${basename(dirname(path))}`));
    else await super.write(path, text);
  }

  drive(address: string, driver: string): void {
    symlinkSync(`/drivers/${driver}`, this.at(`bus/pci/devices/${address}/driver`));
  }

  #makeMdev(path: string, uuid: string): void {
    const type = dirname(path);
    const real = join(dirname(dirname(type)), uuid);
    mkdirSync(real);
    symlinkSync(type, join(real, "mdev_type"));
    mkdirSync(this.at("bus/mdev/devices"), { recursive: true });
    symlinkSync(real, this.at(`bus/mdev/devices/${uuid}`));
  }
}

type Files = Readonly<Record<string, string>>;

interface Lab {
  readonly kernel: FakeKernel;
  readonly role: Required<Role<"nodeDevice">>;
  readonly told: readonly NodeDeviceEvent[];
  readonly put: (directory: string, files: Files) => void;
  readonly join: (link: string, target: string) => void;
}

function lab(t: TestContext): Lab {
  const root = mkdtempSync(join(tmpdir(), "vireo-nodedev-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const kernel = new FakeKernel(rootsBelow(root));
  const put = (directory: string, files: Files): void => {
    mkdirSync(join(root, directory), { recursive: true });
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(root, directory, name), `${text}\n`);
  };
  const link = (path: string, target: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(join(root, target), join(root, path));
  };
  // every operation is there: a missing one fails the test
  const told: NodeDeviceEvent[] = [];
  const role = nodeDeviceRole({
    tree: kernel,
    index: new DeviceIndex(kernel, (event) => told.push(event)),
  }) as Required<Role<"nodeDevice">>;
  return { kernel, role, told, put, join: link };
}

/** A PCI device behind a bridge, in a group. */
function putPci({ put, join: link, kernel }: Lab, address: string, group?: number): string {
  const directory = `sys/devices/pci0000:00/0000:00:01.0/${address}`;
  const ids = { vendor: "0x10de", device: "0x1eb8", class: "0x030200", numa_node: "-1" };
  put(directory, { ...ids, driver_override: "" });
  link(`sys/bus/pci/devices/${address}`, directory);
  kernel.drive(address, DRIVERS[address] ?? "");
  if (group === undefined) return directory;
  link(`sys/kernel/iommu_groups/${group}/devices/${address}`, directory);
  link(`${directory}/iommu_group`, `sys/kernel/iommu_groups/${group}`);
  return directory;
}

const named = (name: string) => ({ device: { name } });
const CARD_NAME = "pci_0000_01_00_0";

test("node devices: a PCI device with its group, its names and its kinds of mediated devices", async (t) => {
  const at = lab(t);
  const directory = putPci(at, CARD, 12);
  putPci(at, SOUND, 12);
  at.put(".", { "pci.ids": "10de  NVIDIA\n\t1eb8  TU104GL\n" });
  const type = { name: "GRID T4", device_api: "vfio-pci", available_instances: "4" };
  at.put(`${directory}/mdev_supported_types/nvidia-222`, type);
  at.put(directory, { sriov_totalvfs: "8" });
  const xml = await at.role.xml(named(CARD_NAME), call);
  assert.match(xml, /<path>\/sys\/devices\/pci0000:00\/0000:00:01.0\/0000:01:00.0<\/path>/);
  assert.match(xml, /<driver>\n {4}<name>nvidia<\/name>/);
  assert.match(xml, /<product id='0x1eb8'>TU104GL<\/product>/);
  assert.match(xml, /<vendor id='0x10de'>NVIDIA<\/vendor>/);
  assert.match(xml, /<iommuGroup number='12'>\n(?: *<address .*\n){2} *<\/iommuGroup>/);
  assert.match(xml, /<capability type='virt_functions' maxCount='8'/);
  assert.match(xml, /<type id='nvidia-222'>[^]*<availableInstances>4</);
  const { capabilities, parent } = await at.role.lookup(named(CARD_NAME), call);
  assert.deepEqual(capabilities, ["pci", "virt_functions", "mdev_types"]);
  assert.equal(parent, "computer");
});

test("node devices: what is below what", async (t) => {
  const at = lab(t);
  const host = `${putPci(at, CARD)}/host2`;
  at.put(host, {});
  at.join("sys/bus/scsi/devices/host2", host);
  at.put("sys/class/scsi_host/host2", { unique_id: "1" });
  const fc = { node_name: "0x2001001b32a9da4e", port_name: "0x2101001b32a9da4e" };
  const npiv = { max_npiv_vports: "254", npiv_vports_inuse: "0", vport_create: "" };
  at.put("sys/class/fc_host/host2", { ...fc, ...npiv });
  const target = `${host}/target2:0:0`;
  at.put(target, {});
  at.join("sys/bus/scsi/devices/target2:0:0", target);
  const unit = `${target}/2:0:0:0`;
  at.put(unit, { type: "0", model: "ST100", vendor: "ATA" });
  at.join("sys/bus/scsi/devices/2:0:0:0", unit);
  at.put(`${unit}/block/sda`, {
    size: "4096",
    removable: "0",
    uevent: "MAJOR=8\nMINOR=0\nDEVNAME=sda\nDEVTYPE=disk",
  });
  at.join(`${unit}/block/sda/device`, unit);
  at.join("sys/class/block/sda", `${unit}/block/sda`);
  at.put("udev", { "b8:0": "E:ID_SERIAL=ST100_Z1\nE:ID_BUS=ata\nE:ID_TYPE=disk" });
  const all = await at.role.list({}, call);
  assert.deepEqual(
    all.map(({ name, parent = "" }) => `${name} < ${parent}`),
    [
      "computer < ",
      "block_sda_ST100_Z1 < scsi_2_0_0_0",
      `${CARD_NAME} < computer`,
      "scsi_2_0_0_0 < scsi_target2_0_0",
      `scsi_host2 < ${CARD_NAME}`,
      "scsi_target2_0_0 < scsi_host2",
    ],
  );
  const wwn = { wwnn: "2001001b32a9da4e", wwpn: "2101001b32a9da4e" };
  const found = await at.role.lookup({ device: wwn }, call);
  assert.deepEqual(found.capabilities, ["scsi_host", "fc_host", "vports"]);
  const disk = await at.role.xml(named("block_sda_ST100_Z1"), call);
  assert.match(disk, /<size>2097152<\/size>[^]*<num_blocks>4096</);
});

test("node devices: a mediated device is defined, started, stopped and forgotten", async (t) => {
  const at = lab(t);
  const directory = putPci(at, CARD);
  at.put(`${directory}/mdev_supported_types/nvidia-222`, { name: "GRID T4" });
  const document = (type: string): string =>
    `<device><parent>${CARD_NAME}</parent><capability type='mdev'><type id='${type}'/><uuid>${UUID}</uuid></capability></device>`;
  const { name } = await at.role.define({ xml: document("nvidia-222") }, call);
  const device = { name };
  assert.equal(name, "mdev_c60cc60c_c60c_460c_860c_c60cc60cc60c_0000_01_00_0");
  assert.equal((await at.role.lookup({ device }, call)).active, false);
  await at.role.setAutostart({ device, autostart: true }, call);
  const file = join(at.kernel.roots.mdevctl, CARD, UUID);
  assert.match(readFileSync(file, "utf8"), /"mdev_type": "nvidia-222",\n {2}"start": "auto"/);
  await at.role.start({ device }, call);
  const { active, persistent, autostart, parent } = await at.role.lookup({ device }, call);
  assert.deepEqual([active, persistent, autostart, parent], [true, true, true, CARD_NAME]);
  await assert.rejects(async () => at.role.start({ device }, call), /already active/);
  await at.role.destroy({ device }, call);
  await at.role.undefine({ device }, call);
  await assert.rejects(
    async () => at.role.lookup({ device }, call),
    (error) => isError(error, "noNodeDevice"),
  );
  assert.ok(at.told.every((event) => event.name === name));
  assert.deepEqual(
    at.told.map((event) => (event.kind === "update" ? "update" : event.event)),
    ["defined", "update", "created", "deleted", "undefined"],
  );
  const other = async () => at.role.create({ xml: document("nvidia-9") }, call);
  await assert.rejects(other, /of type 'nvidia-9', only of nvidia-222/);
});

test("node devices: names of vendors end where classes begin", () => {
  const names = parsePciIds(
    "8086  Intel\n\t1234  Card\n\t\t8086 1  Sub\nC 03  Display\n\t0000  VGA\n",
  );
  assert.equal(names.product("8086", "1234"), "Card");
  assert.equal(names.product("8086", "0000"), undefined);
});
