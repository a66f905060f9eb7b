import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseDmidecode, sysinfo } from "./sysinfo.ts";

const dir = mkdtempSync(join(tmpdir(), "vireo-dmi-"));
after(() => rmSync(dir, { recursive: true }));

test("sysinfo: dmidecode's blocks get libvirt's names, in libvirt's order", () => {
  const text = [
    "System Information\n\tManufacturer: ACME\n\tProduct Name: Box 3\n\tWake-up Type: Power Switch",
    "BIOS Information\n\tVendor: SeaBIOS\n\tVersion: 1.16\n\tCharacteristics:\n\t\tPCI is supported",
  ].join("\n\n");
  assert.deepEqual(parseDmidecode(text), [
    {
      block: "bios",
      entries: [
        ["vendor", "SeaBIOS"],
        ["version", "1.16"],
      ],
    },
    {
      block: "system",
      entries: [
        ["manufacturer", "ACME"],
        ["product", "Box 3"],
      ],
    },
  ]);
});

test("sysinfo: the kernel's files serve where dmidecode cannot", async () => {
  const at = join(dir, "class/dmi/id");
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, "sys_vendor"), "ACME\n");
  assert.deepEqual(await sysinfo({ dmidecode: "/nowhere/dmidecode", sysRoot: dir }), [
    { block: "system", entries: [["manufacturer", "ACME"]] },
  ]);
});

test("sysinfo: a host without SMBIOS says so", async () => {
  await assert.rejects(
    sysinfo({ dmidecode: "/nowhere/dmidecode", sysRoot: join(dir, "nowhere") }),
    /Host SMBIOS information is not available/,
  );
});
