import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { virError } from "@vireo/model/error";
import { parsePool, parseSource } from "@vireo/model/storage/parse-pool";
import { parseVolume } from "@vireo/model/storage/parse-volume";
import type { StorageVolume } from "@vireo/model/storage/volume";
import type { KnownVolumes, PoolBackend, Run } from "./backend.ts";
import { diskBackend } from "./disk-backend.ts";
import { iscsiBackend } from "./iscsi-backend.ts";
import { logicalBackend } from "./logical-backend.ts";
import { mpathBackend } from "./mpath-backend.ts";
import { netfsSources } from "./netfs-source.ts";
import { rbdBackend } from "./rbd-backend.ts";
import { scsiUnits } from "./scsi-unit.ts";
import { zfsBackend } from "./zfs-backend.ts";

const NONE: KnownVolumes = new Map();
const UUID = "f52a81b2-424e-490c-823d-6bd4235bc575";

/** Programs that answer by the first words of their command; all others fail. */
function host(answers: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const run: Run = (command) => {
    const line = command.join(" ");
    asked.push(line);
    const found = Object.entries(answers).find(([start]) => line.startsWith(start));
    return found === undefined
      ? Promise.reject(virError("internalError", `'${line}' failed`))
      : Promise.resolve(found[1]);
  };
  return { run, asked };
}

const pool = (type: string, source: string, target = "") =>
  parsePool(
    `<pool type='${type}'><name>p</name><source>${source}</source>${target}</pool>`,
    () => UUID,
  ).pool;
const volume = (type: "logical" | "disk" | "zfs", name: string, rest = ""): StorageVolume =>
  parseVolume(type, `<volume><name>${name}</name><capacity unit='M'>8</capacity>${rest}</volume>`);

const made = ({ volumes }: PoolBackend) => {
  assert.ok(typeof volumes === "object");
  return volumes;
};

test("logical: volumes, their extents and snapshots are read, thin pools and sleepers are not", async () => {
  const { run } = host({
    "vgs --noheadings --nosuffix": "  1000|400\n",
    lvs: [
      "  root|id1|-wi-ao----||300|100|4|/dev/a(0)",
      "  root|id1|-wi-ao----||300|200|4|/dev/b(5)",
      "  snap|id2|swi-a-s---|root|300|300|4|/dev/b(55)",
      "  pool|id3|twi-aotz--||300|300|4|pool_tdata(0)",
      "  off|id4|-wi-------||300|300|4|/dev/b(90)",
    ].join("\n"),
  });
  const { space, volumes } = await logicalBackend(run).scan(
    pool("logical", "<name>vg</name>"),
    NONE,
  );
  assert.deepEqual(space, { capacity: 1000, available: 400 });
  assert.deepEqual(
    volumes.map(({ name }) => name),
    ["root", "snap"],
  );
  assert.deepEqual(volumes[0]?.source?.devices, [
    { path: "/dev/a", extents: [{ start: 0, end: 100 }] },
    { path: "/dev/b", extents: [{ start: 20, end: 220 }] },
  ]);
  assert.equal(volumes[1]?.backingStore?.path, "/dev/vg/root");
});

test("logical: what is made is made with the right words, and a group that is not there is named", async () => {
  const { run, asked } = host({ lv: "", "vgs --noheadings --options": " other\n" });
  const backend = logicalBackend(run);
  const vg = pool("logical", "<device path='/dev/a'/><name>vg</name>");
  await made(backend).create(vg, volume("logical", "v"));
  await made(backend).create(vg, volume("logical", "t", "<allocation>0</allocation>"));
  const layer = "<backingStore><path>/dev/vg/v</path></backingStore>";
  await made(backend).create(vg, volume("logical", "s", layer));
  await made(backend).remove(vg, volume("logical", "v"));
  assert.deepEqual(asked, [
    "lvcreate --name v -L 8192K vg",
    "lvcreate --name t -L 1K --virtualsize 8192K vg",
    "lvcreate --name s -L 8192K -s /dev/vg/v",
    "lvremove -f vg/v",
  ]);
  await assert.rejects(
    async () => backend.start?.(vg),
    /cannot find logical volume group name 'vg'/,
  );
});

test("logical: a group that cannot be made leaves its devices as they were", async () => {
  const { run, asked } = host({ pvcreate: "", pvremove: "" });
  const vg = pool("logical", "<device path='/dev/a'/><device path='/dev/b'/><name>vg</name>");
  await assert.rejects(
    async () => logicalBackend(run).build?.(vg, { overwrite: true }),
    /vgcreate/,
  );
  assert.deepEqual(asked.slice(-2), ["pvremove /dev/a", "pvremove /dev/b"]);
});

test("disk: a partition goes into the smallest gap that holds it, and has no name of its own", async () => {
  const { run, asked } = host({
    "parted -m": [
      "BYT;",
      "/dev/sdx:104857600B:scsi:512:512:msdos:A Disk:;",
      "1:32256B:1048575B:1016320B:free;",
      "1:1048576B:11534335B:10485760B:ext4::boot;",
      "1:11534336B:41943039B:30408704B:free;",
      "3:41943040B:62914559B:20971520B:::extended;",
      "1:62914560B:83886079B:20971520B:free;",
    ].join("\n"),
    "parted /dev/sdx": "",
  });
  const backend = diskBackend(run);
  const disk = pool("disk", "<device path='/dev/sdx'/>", "<target><path>/dev</path></target>");
  const { volumes, space } = await backend.scan(disk, NONE);
  assert.deepEqual(
    volumes.map(({ name, capacity, target }) => [name, capacity, target?.format?.type]),
    [
      ["sdx1", 10_485_760, "none"],
      ["sdx3", 20_971_520, "extended"],
    ],
  );
  assert.equal(space.available, 1_016_320 + 30_408_704 + 20_971_520);
  await assert.rejects(
    made(backend).create(disk, volume("disk", "mine")),
    /invalid partition name 'mine', expected 'sdx2'/,
  );
  await made(backend).create(disk, volume("disk", "sdx2"));
  await made(backend).remove(disk, volume("disk", "sdx2"));
  assert.deepEqual(asked.slice(-2), [
    "parted /dev/sdx mkpart --script primary 62914560B 71303167B",
    "parted /dev/sdx rm --script 2",
  ]);
});

const ISCSI = "<host name='10.0.0.1'/><device path='iqn.2001:disks'/>";

test("iscsi: logged in once, looked at by its session, discovered by its portal", async () => {
  const target = "<target><path>/dev/disk/by-path</path></target>";
  const sessions = {
    "iscsiadm --mode session": "tcp: [9] 10.0.0.1:3260,1 iqn.2001:disks (non-flash)",
  };
  const away = host({ "iscsiadm --mode discovery": "", "iscsiadm --mode node": "" });
  const units = () => Promise.reject(new Error("nobody asked"));
  await iscsiBackend(away.run, units).start?.(pool("iscsi", ISCSI, target));
  assert.equal(
    away.asked.at(-1),
    "iscsiadm --mode node --portal 10.0.0.1:3260,1 --targetname iqn.2001:disks --login",
  );
  const here = host(sessions);
  await iscsiBackend(here.run, units).start?.(pool("iscsi", ISCSI, target));
  assert.equal(here.asked.length, 1);
  const found = await iscsiBackend(here.run, (adapter) => {
    assert.deepEqual(adapter, { session: "9" });
    return Promise.resolve({ space: { capacity: 7, available: 0 }, volumes: [] });
  }).scan(pool("iscsi", ISCSI, target), NONE);
  assert.equal(found.space.capacity, 7);
  const offered = host({
    "iscsiadm --mode discovery": "10.0.0.1:3260,1 iqn.a\n10.0.0.1:3260,1 iqn.b\n",
  });
  const source = parseSource("<source><host name='10.0.0.1'/></source>");
  const sources = await iscsiBackend(offered.run, units).sources?.(source);
  assert.deepEqual(
    sources?.map(({ devices }) => devices?.[0]?.path),
    ["iqn.a", "iqn.b"],
  );
});

function fakeSysfs(t: TestContext): string {
  const sys = mkdtempSync(join(tmpdir(), "vireo-sysfs-"));
  t.after(() => rmSync(sys, { recursive: true, force: true }));
  for (const [address, name] of [
    ["2:0:0:1", "sdb"],
    ["2:0:1:3", "sdc"],
    ["5:0:0:0", "sdd"],
  ] as const) {
    const block = join(sys, "bus/scsi/devices", address, "block", name);
    mkdirSync(block, { recursive: true });
    writeFileSync(join(block, "size"), "2048\n");
  }
  mkdirSync(join(sys, "bus/scsi/devices/2:0:2:0")); // a tape
  return sys;
}

test("scsi: the disks of one host are its volumes", (t) => {
  assert.deepEqual(scsiUnits(fakeSysfs(t), "/dev", { host: 2 }), [
    { address: "0:0:1", path: "/dev/sdb", size: 1 << 20 },
    { address: "0:1:3", path: "/dev/sdc", size: 1 << 20 },
  ]);
});

test("mpath, zfs, rbd: volumes are read from what the tools print", async () => {
  const { run, asked } = host({
    "dmsetup table": "mpatha: 0 2048 multipath 0 0 1 1 queue-length\n",
    "zfs list -Hp -o": "100\t900\n",
    "zfs list -Hp -t": "tank/v\t512\tnone\n",
    "zfs create": "",
    "rbd -m 10.0.0.1 --format": `[{"image":"v","size":512},{"image":"v","snapshot":"s","size":512}]`,
  });
  const multipath = await mpathBackend(run).scan(pool("mpath", ""), NONE);
  assert.deepEqual(
    multipath.volumes.map(({ name, capacity }) => [name, capacity]),
    [["mpatha", 1 << 20]],
  );
  const tank = pool("zfs", "<name>tank</name>");
  const zfs = await zfsBackend(run).scan(tank, NONE);
  assert.deepEqual(zfs.space, { capacity: 1000, available: 900 });
  assert.equal(zfs.volumes[0]?.target?.path, "/dev/zvol/tank/v");
  await made(zfsBackend(run)).create(tank, volume("zfs", "w", "<allocation>0</allocation>"));
  assert.equal(asked.at(-1), "zfs create -s -V 8192K tank/w");
  const rbd = await rbdBackend(run).scan(
    pool("rbd", "<host name='10.0.0.1'/><name>q</name>"),
    NONE,
  );
  assert.deepEqual(
    rbd.volumes.map(({ key, capacity }) => [key, capacity]),
    [["q/v", 512]],
  );
});

test("netfs: exports of a server are sources; without one, or without exports, it is said", async () => {
  const { run } = host({ showmount: "/srv/a *\n/srv/with blank 10.0.0.0/8,host\n" });
  const hosts = [{ name: "server" }];
  const sources = await netfsSources(run, { hosts });
  assert.deepEqual(
    sources.map(({ dir }) => dir?.path),
    ["/srv/a", "/srv/with blank"],
  );
  await assert.rejects(netfsSources(run, {}), /hostname must be specified for netfs sources/);
  await assert.rejects(
    netfsSources(host({}).run, { hosts }),
    /no storage pools were found on host 'server'/,
  );
});
