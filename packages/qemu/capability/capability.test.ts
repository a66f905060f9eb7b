import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import { CapabilityCache } from "./capability-cache.ts";
import { capabilitiesFromAnswers } from "./from-answers.ts";
import { probeQemu } from "./probe.ts";
import { recordedAnswers } from "./recorded.ts";

const QEMU = "/usr/bin/qemu-system-x86_64";
const CORPUS = join(import.meta.dirname, "../../../../shared/corpus/dev/_shared/qemu");

for (const version of ["7.2.0", "8.0.0"])
  test(`capability: recorded answers of ${version} give libvirt's flags`, {
    skip: existsSync(CORPUS) ? false : `the corpus is not at ${CORPUS}`,
  }, () => {
    const base = join(CORPUS, `caps_${version}.x86_64`);
    const recording: unknown = JSON.parse(readFileSync(`${base}.replies.json`, "utf8"));
    assert.ok(Array.isArray(recording));
    const [kvm, tcg] = recordedAnswers(recording);
    assert.ok(kvm !== undefined && tcg !== undefined);
    const { flags } = capabilitiesFromAnswers("qemu", kvm, tcg);
    const expected = [...readFileSync(`${base}.xml`, "utf8").matchAll(/<flag name='([^']+)'/g)];
    assert.ok(expected.length > 150);
    assert.deepEqual(
      expected.flatMap(([, flag = ""]) => (flags.includes(flag) ? [] : [flag])),
      [],
    );
  });

test("capability: the installed QEMU tells of itself", async () => {
  const data = await probeQemu(QEMU);
  assert.equal(data.arch, "x86_64");
  assert.ok(data.version >= 7_000_000);
  assert.ok(data.tcg.machines.some(({ alias }) => alias === "q35"));
  assert.ok(data.tcg.cpuModels.some(({ name }) => name === "max"));
  assert.ok(data.flags.includes("virtio-net-pci"));
});

test("capability: a binary that is no QEMU is refused with what it said", async () => {
  await assert.rejects(
    probeQemu("/bin/false"),
    (error) => isError(error, "internalError") && error.message.includes("/bin/false"),
  );
});

test("capability: kept answers are used, damaged ones are not believed", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "vireo-caps-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const first = await new CapabilityCache(dir).of(QEMU);
  const [file = ""] = readdirSync(dir);
  const text = readFileSync(join(dir, file), "utf8");
  writeFileSync(join(dir, file), text.replace(/"package":"[^"]*"/, '"package":"from the file"'));
  assert.equal((await new CapabilityCache(dir).of(QEMU)).package, "from the file");
  writeFileSync(join(dir, file), text.slice(0, 500));
  assert.equal((await new CapabilityCache(dir).of(QEMU)).package, first.package);
});
