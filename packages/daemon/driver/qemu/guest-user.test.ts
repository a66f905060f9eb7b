import assert from "node:assert/strict";
import { test } from "node:test";
import { asQemuUser } from "./guest-user.ts";

const user = { named: false, uid: 65_534, gid: 65_534 };
const program = { binary: "qemu", argv: ["-S"] };
const plain = { devices: { emulator: "qemu" }, memory: { sizeKiB: 1024 } };
const assigned = {
  ...plain,
  devices: { ...plain.devices, hostdevs: [{ mode: "subsystem", type: "pci" } as const] },
};

test("qemu user: one whose guest has devices behind VFIO may lock the guest's memory and a GiB", () => {
  const { binary, argv } = asQemuUser(user, { ...program, config: assigned });
  assert.equal(binary, "prlimit");
  assert.deepEqual(argv.slice(0, 3), ["--memlock=1074790400:1074790400", "--", "setpriv"]);
  assert.deepEqual(argv.slice(-2), ["qemu", "-S"]);
  const limited = { ...assigned, memtune: { hardLimitKiB: 2048 } };
  const [limit] = asQemuUser(user, { ...program, config: limited }).argv;
  assert.equal(limit, "--memlock=2097152:2097152");
});

test("qemu user: without such devices, or as ourselves, there is no limit to set", () => {
  assert.equal(asQemuUser(user, { ...program, config: plain }).binary, "setpriv");
  assert.equal(asQemuUser(undefined, { ...program, config: assigned }).binary, "qemu");
});
