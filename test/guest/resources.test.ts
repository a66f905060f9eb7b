/** Virtual CPUs, memory and limits of disks that change while a guest runs, seen from inside. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bootGuest, type BootedGuest } from "./booted-guest.ts";

const SEEN_MS = 15_000;
const LIMIT = 2_000_000;
const MIB = 4;
/** How far a measured rate may be from the limit. */
const OFF = 0.15;

/** Asks the guest's shell; `pattern` finds the answer in a line of its own. */
async function asked({ console }: BootedGuest, command: string, pattern: RegExp): Promise<string> {
  console.conversation.say(`${command}\n`);
  return (await console.conversation.expect(pattern, SEEN_MS))[1] ?? "";
}

const VCPUS = "<vcpu current='1'>3</vcpu>";

test("resources: vCPUs, memory and disk limits are what the guest sees", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-throttled-"));
  const image = join(directory, "disk.img");
  writeFileSync(image, Buffer.alloc(16 * 1024 * 1024));
  const disk = `<disk type='file'><driver name='qemu' type='raw'/><source file='${image}'/>
    <target dev='vda' bus='virtio'/></disk>`;
  const guest = await bootGuest(t, (xml) =>
    xml
      .replace("machine='q35'", "machine='pc'")
      .replace("<vcpu>1</vcpu>", VCPUS)
      .replace("<interface type='user'>", `${disk}<interface type='user'>`),
  );
  const { ok } = guest;
  t.after(() => rmSync(directory, { recursive: true }));

  await t.test("a vCPU comes and can be pinned", async () => {
    await ok("setvcpus", "hello", "2", "--live");
    await asked(
      guest,
      "until [ -e /sys/devices/system/cpu/cpu1 ]; do :; done; echo 1 >/sys/devices/system/cpu/cpu1/online; nproc | sed s/^/cpus=/",
      /^cpus=(2)\s/m,
    );
    await ok("vcpupin", "hello", "1", "0", "--live");
    assert.match(await ok("vcpuinfo", "hello"), /VCPU: +1\n(?:.*\n)*CPU Affinity: +y-/);
    assert.match(await ok("vcpucount", "hello", "--active", "--live"), /^2$/);
  });

  await t.test("the balloon takes memory and gives it back", async () => {
    const figure = (name: string): Promise<number> =>
      asked(guest, `awk '/^${name}:/ { print "kib=" $2 }' /proc/meminfo`, /^kib=(\d+)\s/m).then(
        Number,
      );
    const [before, free] = [await figure("MemTotal"), await figure("MemFree")];
    await ok("setmem", "hello", "96M", "--live");
    const less = `until [ $(awk '/^MemTotal:/ { print $2 }' /proc/meminfo) -lt ${before - 30_000} ]; do :; done; echo less=$((1))`;
    await asked(guest, less, /^less=(1)\s/m);
    const [small, left] = [await figure("MemTotal"), await figure("MemFree")];
    assert.ok(free - left > 20_000, `MemFree ${free} KiB, then ${left} KiB`);
    await ok("setmem", "hello", "128M", "--live");
    const more = `until [ $(awk '/^MemTotal:/ { print $2 }' /proc/meminfo) -eq ${before} ]; do :; done; echo more=$((1))`;
    await asked(guest, more, /^more=(1)\s/m);
    const again = await figure("MemFree");
    t.diagnostic(`MemTotal ${before}, ${small}, ${before} KiB; MemFree ${free}, ${left}, ${again}`);
    assert.ok(again - left > 20_000, `MemFree ${left} KiB, then ${again} KiB`);
  });

  await t.test("a disk is as slow as it is told to be", async () => {
    await ok("blkdeviotune", "hello", "vda", "--total-bytes-sec", String(LIMIT), "--live");
    const dd = (bytes: number, skip: number): string =>
      `set -- $(cut -d' ' -f1 /proc/uptime); dd if=/dev/vda of=/dev/null bs=65536 count=${bytes / 65_536} skip=${skip} iflag=direct 2>/dev/null; ` +
      `echo "$1 $(cut -d' ' -f1 /proc/uptime)" | awk '{ print "took=" int(($2 - $1) * 100) }'`;
    await asked(guest, dd(1024 * 1024, 0), /^took=(\d+)\s/m); // what a leaky bucket lets through at first
    const took = Number(await asked(guest, dd(MIB * 1024 * 1024, 16), /^took=(\d+)\s/m)) / 100;
    const rate = (MIB * 1024 * 1024) / took;
    t.diagnostic(`limit ${LIMIT}, measured ${Math.round(rate)} bytes per second`);
    assert.ok(Math.abs(rate / LIMIT - 1) < OFF, `${rate} bytes per second`);
  });
});
