import assert from "node:assert/strict";
import { test } from "node:test";
import type { Disk } from "../domain/device/disk.ts";
import { alignDisks } from "./align-disks.ts";
import { formatSnapshot, parseSnapshot, type Snapshot } from "./parse-snapshot.ts";
import { selectSnapshots, withoutSnapshot, withSnapshot, NO_SNAPSHOTS } from "./snapshot-tree.ts";

const made = (name: string, parent?: string, state: Snapshot["state"] = "shutoff"): Snapshot => ({
  name,
  state,
  creationTime: 1,
  disks: [],
  ...(parent === undefined ? {} : { parent: { name: parent } }),
});

const TREE = [
  made("root"),
  made("left", "root", "running"),
  made("right", "root", "disk-snapshot"),
  made("leaf", "left"),
].reduce((set, one) => withSnapshot(set, one, true), NO_SNAPSHOTS);

const names = (filter: Parameters<typeof selectSnapshots>[1]): readonly string[] =>
  selectSnapshots(TREE, filter).map(({ name }) => name);

test("snapshot tree: each comes after its parent, and filters of one group add up", () => {
  assert.deepEqual(names({ deep: true }), ["root", "left", "leaf", "right"]);
  assert.deepEqual(names({}), ["root"]);
  assert.deepEqual(names({ below: "root" }), ["left", "right"]);
  assert.deepEqual(names({ below: "root", deep: true, leaves: true }), ["leaf", "right"]);
  assert.deepEqual(names({ deep: true, active: true, diskOnly: true }), ["left", "right"]);
  assert.deepEqual(names({ deep: true, leaves: true, noLeaves: true }).length, 4);
  assert.deepEqual(names({ deep: true, external: true }), []);
});

test("snapshot tree: children of one that goes come to its parent", () => {
  const left = TREE.all.get("left");
  assert.ok(left);
  const without = withoutSnapshot(TREE, left);
  assert.deepEqual(without.all.get("leaf")?.parent, { name: "root" });
  const leaf = without.all.get("leaf");
  assert.ok(leaf);
  assert.equal(withoutSnapshot(without, leaf).current, "root");
});

const DISKS: readonly Disk[] = [
  { type: "file", device: "disk", source: { file: "/a/one.qcow2" }, target: { dev: "vda" } },
  { type: "file", device: "cdrom", source: {}, target: { dev: "hdc" } },
  { type: "block", device: "disk", source: { dev: "/dev/b" }, target: { dev: "vdb" } },
];
const EXTERNAL = { mode: "external", uniform: false, name: "now" } as const;

test("snapshot disks: a path of its own is made from the image's, an empty drive is left out", () => {
  const { snapshot } = parseSnapshot(
    "<domainsnapshot><disks><disk name='/dev/b' snapshot='no'/></disks></domainsnapshot>",
  );
  assert.deepEqual(
    alignDisks(DISKS, snapshot.disks, EXTERNAL).map(({ wish }) => wish),
    [
      {
        name: "vda",
        snapshot: "external",
        type: "file",
        driver: { type: "qcow2" },
        source: { file: "/a/one.now" },
      },
      { name: "hdc", snapshot: "no", type: "unset" },
      { name: "vdb", snapshot: "no", type: "unset" },
    ],
  );
});

test("snapshot disks: what is unknown, said twice or without a place is refused", () => {
  const wish = (name: string) => ({ name, snapshot: "no", type: "unset" }) as const;
  const align = (...wishes: Parameters<typeof alignDisks>[1]) =>
    alignDisks(DISKS, wishes, EXTERNAL);
  assert.throws(() => align(wish("vdz")), /no disk named 'vdz'/);
  assert.throws(() => align(wish("vda"), wish("/a/one.qcow2")), /specified twice/);
  assert.throws(() => align(), /cannot generate external snapshot name for disk 'vdb'/);
});

test("snapshot XML: contradictions are refused in libvirt's words", () => {
  const memory = (attributes: string): string =>
    `<domainsnapshot><memory ${attributes}/></domainsnapshot>`;
  assert.throws(
    () => parseSnapshot(memory("snapshot='external'")),
    /external memory snapshots require a filename/,
  );
  assert.throws(
    () => parseSnapshot(memory("snapshot='internal' file='/m'")),
    /memory filename '\/m' requires external snapshot/,
  );
  assert.equal(formatSnapshot(parseSnapshot("<domainsnapshot/>").snapshot), "<domainsnapshot/>\n");
});
