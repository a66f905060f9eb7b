/**
 * Links of another host, in a sysfs of our own writing, because this machine's kernel makes neither bonds nor VLANs: what the
 * real libvirtd says of them and what we read.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { formatHostInterface } from "@vireo/model/node/host-interface";
import { LiveInterfaces } from "../../packages/daemon/driver/interface/live-interface.ts";
import { Libvirtd } from "../harness/libvirtd.ts";
import { virshOk } from "../harness/virsh.ts";

interface Link {
  /** `DEVTYPE` of its uevent. */
  readonly kind?: string;
  readonly master?: string;
  readonly files?: Readonly<Record<string, string>>;
}

const BOND = {
  "bonding/miimon": "0",
  "bonding/updelay": "0",
  "bonding/downdelay": "0",
  "bonding/use_carrier": "1",
  "bonding/arp_interval": "0",
  "bonding/arp_ip_target": "",
  "bonding/arp_validate": "none 0",
};

const LINKS: Readonly<Record<string, Link>> = {
  lo: { files: { mtu: "65536", operstate: "unknown" } },
  eth0: { master: "bond0" },
  eth1: { master: "bond0", files: { operstate: "down" } },
  eth2: { files: { operstate: "down" } },
  vnet0: { files: { tun_flags: "0x1002" } },
  eth3: { master: "br0" },
  eth4: { master: "bond1" },
  bond0: {
    kind: "bond",
    files: {
      ...BOND,
      "bonding/mode": "active-backup 1",
      "bonding/miimon": "100",
      "bonding/updelay": "200",
      "bonding/downdelay": "400",
    },
  },
  bond1: {
    kind: "bond",
    files: {
      ...BOND,
      "bonding/mode": "802.3ad 4",
      "bonding/arp_interval": "50",
      "bonding/arp_ip_target": "10.0.0.9",
      "bonding/arp_validate": "backup 2",
    },
  },
  bond2: { kind: "bond", files: { ...BOND, "bonding/mode": "balance-rr 0" } },
  "eth2.42": { kind: "vlan", files: { operstate: "lowerlayerdown" } },
  br0: { kind: "bridge", files: { "bridge/forward_delay": "0", "bridge/stp_state": "1" } },
  br1: { kind: "bridge", files: { "bridge/forward_delay": "1500", "bridge/stp_state": "0" } },
};

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** @returns a directory whose `sys` has the links */
function tree(): string {
  const root = mkdtempSync(join(tmpdir(), "vireo-links-"));
  const devices = join(root, "sys/devices/virtual/net");
  mkdirSync(join(root, "udev"));
  mkdirSync(join(root, "sys/class/net"), { recursive: true });
  for (const [at, [name, { kind, master, files }]] of Object.entries(LINKS).entries()) {
    const directory = join(devices, name);
    const all = {
      address: `02:00:00:00:00:${(at + 16).toString(16)}`,
      ifindex: String(at + 1),
      mtu: "1500",
      operstate: "up",
      ...files,
    };
    if (all.operstate === "up") put(join(directory, "speed"), "1000\n");
    for (const [file, text] of Object.entries(all)) put(join(directory, file), `${text}\n`);
    const type = kind === undefined ? "" : `DEVTYPE=${kind}\n`;
    put(join(directory, "uevent"), `${type}INTERFACE=${name}\nIFINDEX=${at + 1}\n`);
    symlinkSync("../../../../class/net", join(directory, "subsystem"));
    symlinkSync(`../../devices/virtual/net/${name}`, join(root, "sys/class/net", name));
    if (kind === "bridge") mkdirSync(join(directory, "brif"), { recursive: true });
    const below = /^(.+)\.\d+$/.exec(name)?.[1];
    if (below !== undefined) symlinkSync(`../${below}`, join(directory, `lower_${below}`));
    if (master === undefined) continue;
    symlinkSync(`../${master}`, join(directory, "master"));
    mkdirSync(join(devices, master), { recursive: true });
    if (master.startsWith("br")) {
      mkdirSync(join(devices, master, "brif"), { recursive: true });
      put(join(devices, master, "brif", name), "");
    } else {
      symlinkSync(`../${name}`, join(devices, master, `slave_${name}`));
      symlinkSync(`../${name}`, join(devices, master, `lower_${name}`));
    }
  }
  return root;
}

/** libvirt tells the kernel's hundredths of a second, and reads seconds. */
const inSeconds = (xml: string): string =>
  xml.replace(/ delay='(\d+)'/, (_, hundredths: string) => ` delay='${Number(hundredths) / 100}'`);

test("bonds, VLANs and bridges of a host are told as libvirt tells them", {
  skip: Libvirtd.missing() ?? false,
}, async (t) => {
  const root = tree();
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const real = await Libvirtd.started({ deviceRoot: root });
  t.after(() => real.cleanUp());
  const ours = new LiveInterfaces(join(root, "sys/class/net"));
  const listed = (await virshOk(real.uri, "iface-list", "--all")).split("\n").slice(2);
  const rows = await Promise.all(
    (await ours.names()).map(async (name) => {
      const state = (await ours.isUp(name)) ? "active" : "inactive";
      return `${name} ${state} ${await ours.mac(name)}`;
    }),
  );
  assert.deepEqual(
    rows.toSorted(),
    listed.map((line) => line.trim().replaceAll(/ +/g, " ")).toSorted(),
  );
  // libvirt asks the running kernel too about a VLAN
  const told = Object.keys(LINKS).filter((name) => LINKS[name]?.kind !== "vlan");
  for (const name of told)
    await t.test(name, async () =>
      assert.equal(
        formatHostInterface(await ours.read(name)).trim(),
        inSeconds(await virshOk(real.uri, "iface-dumpxml", name)),
      ),
    );
});
