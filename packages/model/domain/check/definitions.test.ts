/**
 * Hundreds of small definitions and what libvirtd 9.0.0 with QEMU 7.2 answers to each: `definitions.tsv` holds where the
 * fragment goes, the fragment, and the message; no message means that it is accepted.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseDomain } from "../parse-domain.ts";
import type { ResolveFacts } from "../resolve/facts.ts";
import { resolveDomain } from "../resolve/resolve.ts";
import { checkDomain } from "./check.ts";

const FACTS: ResolveFacts = {
  hostArch: "x86_64",
  arch: "x86_64",
  emulator: "/usr/bin/qemu-system-x86_64",
  kvm: true,
  machines: [
    { name: "pc-i440fx-7.2", alias: "pc", isDefault: true, maxCpus: 255, defaultRamId: "pc.ram" },
    { name: "pc-q35-7.2", alias: "q35", maxCpus: 288, defaultRamId: "pc.ram" },
    { name: "pc-q35-6.0", maxCpus: 288, defaultRamId: "pc.ram" },
    { name: "microvm", maxCpus: 288, defaultRamId: "microvm.ram" },
    { name: "isapc", maxCpus: 1, defaultRamId: "pc.ram" },
  ],
  capabilities: new Set(["cirrus-vga", "ivshmem-plain", "ivshmem-doorbell"]),
  settings: {
    vncListen: "127.0.0.1",
    spiceListen: "127.0.0.1",
    nvramDir: "/nvram",
    channelTargetDir: "/channel",
  },
  newUuid: () => "c7a5fdbd-edaf-4455-926a-d65c16db1809",
  newMac: () => "52:54:00:01:02:03",
};

interface Parts {
  readonly name: string;
  readonly mem: string;
  readonly top: string;
  readonly os: string;
  readonly dev: string;
  readonly tail: string;
}
const PLAIN: Parts = {
  name: "golden",
  mem: "<memory unit='MiB'>64</memory>",
  top: "",
  os: "<type>hvm</type>",
  dev: "",
  tail: "",
};
const Q35: Partial<Parts> = {
  top: "<features><acpi/></features>",
  os: "<type machine='q35'>hvm</type>",
};

function definition(where: string, fragment: string): string {
  if (where === "raw") return fragment;
  const given = where === "q35" ? { ...Q35, dev: fragment } : { [where]: fragment };
  const { name, mem, top, os, dev, tail } = { ...PLAIN, ...given };
  return `<domain type='qemu'><name>${name}</name><uuid>7d1a4a5c-0000-4000-8000-000000000001</uuid>${mem}${top}
<os>${os}</os><devices>${dev}</devices>${tail}</domain>`;
}

function answer(xml: string): string {
  try {
    checkDomain(resolveDomain(parseDomain(xml).domain, FACTS), FACTS);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

const rows = readFileSync(new URL("definitions.tsv", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => line.split("\t"));

test("checkDomain: the list is there", () => assert.ok(rows.length > 600));

for (const [where = "", fragment = "", message = ""] of rows)
  test(`checkDomain: ${where} ${fragment} ${message === "" ? "is accepted" : "is refused"}`, () =>
    assert.equal(answer(definition(where, fragment)), message.replaceAll("\\n", "\n")));
