/** libvirt's firmware cases: descriptors read and written, and which firmware each machine can have. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { firmwaresOf, parseFirmware, type Firmware } from "@vireo/qemu/firmware/descriptor";
import { firmwareOffers } from "@vireo/qemu/firmware/select-firmware";
import { readManifest, type CorpusCase } from "./manifest.ts";
import { messageOf, type ConformanceResult } from "./result.ts";

type FirmwareCase = CorpusCase & {
  readonly identity?: boolean;
  readonly machine?: string;
  readonly arch?: string;
  readonly secure?: boolean;
  readonly firmwares?: readonly { readonly code: string; readonly nvram: string | null }[];
  readonly interfaces?: readonly string[];
};

/** Where QEMU and administrators put descriptors, the one that wins first. */
const DIRECTORIES = [
  "home/user/.config/qemu/firmware",
  "etc/qemu/firmware",
  "usr/share/qemu/firmware",
];

function filesIn(directory: string): ReadonlyMap<string, string> {
  if (!existsSync(directory)) return new Map();
  return new Map(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "utf8")]),
  );
}

/** The mock tree's descriptors in the order in which they are tried. */
export const corpusFirmwares = (corpus: string): readonly Firmware[] =>
  firmwaresOf(DIRECTORIES.map((one) => filesIn(join(corpus, "_shared/firmware", one))));

function checkDescriptor(corpus: string, one: FirmwareCase): void {
  const input = readFileSync(join(corpus, one.input), "utf8");
  const output =
    one.identity === true
      ? input
      : readFileSync(join(corpus, "firmware", one.expected ?? ""), "utf8");
  const {
    description: _text,
    tags: _tags,
    ...expected
  } = JSON.parse(output) as Record<string, unknown>;
  assert.deepEqual(parseFirmware(input), expected);
}

function checkSupported(corpus: string, one: FirmwareCase): void {
  const offers = firmwareOffers(corpusFirmwares(corpus), {
    arch: one.arch ?? "",
    machine: one.machine ?? "",
  });
  assert.deepEqual(offers.images, one.firmwares);
  assert.deepEqual(offers.kinds, one.interfaces);
  assert.equal(offers.secureBoot, one.secure);
}

function run(corpus: string, one: FirmwareCase): ConformanceResult {
  const about = { corpus: "firmware", tier: one.kind, id: one.id };
  try {
    if (one.kind === "descriptor") checkDescriptor(corpus, one);
    else checkSupported(corpus, one);
    return { ...about, passed: true, detail: "" };
  } catch (error) {
    return { ...about, passed: false, detail: messageOf(error) };
  }
}

export const runFirmware = (corpus: string): readonly ConformanceResult[] =>
  readManifest(corpus, "firmware").map((one) => run(corpus, one));
