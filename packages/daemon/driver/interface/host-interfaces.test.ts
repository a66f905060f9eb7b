/** Definitions and changes by files alone: below a root of its own, where the kernel shows no interface. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { pino } from "pino";
import { isError } from "@vireo/model/error";
import { HostInterfaces } from "./host-interfaces.ts";
import { KEPT } from "./keeper-cases.ts";

const BEFORE = "# mine\nauto e\niface e inet dhcp\n";

function hostIn(t: TestContext, interfaces: string | undefined = BEFORE) {
  const root = mkdtempSync(join(tmpdir(), "vireo-interfaces-"));
  t.after(() => rmSync(root, { recursive: true }));
  const file = join(root, "etc/network/interfaces");
  mkdirSync(join(root, "etc/network"), { recursive: true });
  if (interfaces !== "") writeFileSync(file, interfaces);
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  const lib = join(root, "lib");
  const started = async (): Promise<HostInterfaces> => {
    const net = join(root, "net");
    const host = new HostInterfaces({ host: root, net, run: join(root, "run") }, { lib }, log);
    t.after(() => host.change.close());
    await host.recover();
    await host.inTurn(async () => undefined); // what it has still to finish
    return host;
  };
  const text = (): string => readFileSync(file, "utf8");
  return { root, file, lib, log: lines, started, text };
}

test("host interfaces: a change is kept, or taken back byte for byte", async (t) => {
  const { started, text } = hostIn(t);
  const host = await started();
  await host.begin();
  await assert.rejects(host.begin(), /another transaction/);
  await host.define(KEPT.bridge);
  assert.doesNotMatch(text(), /iface e /);
  await host.change.rollback();
  assert.equal(text(), BEFORE);
  await assert.rejects(host.change.commit(), /no transaction running/);
  await host.begin();
  await host.define(KEPT.bridge);
  await host.change.commit();
  assert.match(text(), /^# mine\n\nauto b\n/);
  await assert.rejects(host.define(KEPT.dhcp), /part of 'b': undefine that first/);
});

test("host interfaces: a change with a time is taken back by itself, once it is over", async (t) => {
  const { started, text, lib } = hostIn(t);
  const host = await started();
  await host.begin(3600);
  await host.define(KEPT.bridge);
  host.change.close(); // as if the daemon had died
  const again = await started();
  assert.match(text(), /iface b/, "the time is not over");
  again.change.close();
  const note = join(lib, "interface/change.json");
  writeFileSync(note, readFileSync(note, "utf8").replace(/"dueMs":\d+/, '"dueMs":1'));
  const last = await started();
  for (let turn = 0; existsSync(note) && turn < 1000; turn++) {
    await new Promise(setImmediate);
    await last.inTurn(async () => undefined);
  }
  assert.equal(text(), BEFORE);
});

test("host interfaces: a boot in the middle takes a change back, a restart of the daemon alone does not", async (t) => {
  const { started, text, lib } = hostIn(t);
  const host = await started();
  await host.begin();
  await host.define(KEPT.bridge);
  await started();
  assert.match(text(), /iface b/);
  const note = join(lib, "interface/change.json");
  writeFileSync(note, readFileSync(note, "utf8").replace(/"boot":"[^"]*"/, '"boot":"another"'));
  await started();
  assert.equal(text(), BEFORE);
  assert.ok(!existsSync(note));
});

test("host interfaces: a daemon that died while it wrote finishes at its next start", async (t) => {
  const { started, text, lib, file } = hostIn(t);
  mkdirSync(join(lib, "interface"), { recursive: true });
  writeFileSync(join(file, "../.tmp-0123456789abcdef"), "half");
  const changes = { [file]: "iface f inet dhcp\n", [join(file, "../gone")]: null };
  writeFileSync(
    join(lib, "interface/work.json"),
    JSON.stringify({ kind: "files", changes, mode: 420 }),
  );
  await started();
  assert.equal(text(), "iface f inet dhcp\n");
  assert.ok(!existsSync(join(file, "../.tmp-0123456789abcdef")));
  assert.ok(!existsSync(join(lib, "interface/work.json")));
});

for (const note of ["change.json", "work.json"])
  for (const damage of [
    "{",
    "[]",
    '{"keeper":"ifupdown","files":{}}',
    '{"kind":"files","changes":[]}',
    "",
  ])
    test(`host interfaces: a damaged ${note} (${damage}) is put aside and told`, async (t) => {
      const { started, text, lib, log } = hostIn(t);
      mkdirSync(join(lib, "interface"), { recursive: true });
      writeFileSync(join(lib, "interface", note), damage);
      const host = await started();
      assert.equal(readFileSync(join(lib, "interface", `${note}.damaged`), "utf8"), damage);
      assert.match(log.join(""), /put aside/);
      assert.equal(text(), BEFORE);
      await host.begin();
      await host.change.rollback();
    });

test("host interfaces: where nobody sets interfaces up that we know, the error says so", async (t) => {
  const { started } = hostIn(t, "");
  const host = await started();
  await assert.rejects(
    host.define(KEPT.dhcp),
    (error) =>
      isError(error, "operationUnsupported") && /neither NetworkManager nor/.test(error.message),
  );
  assert.deepEqual(await host.list(), []);
});

test("host interfaces: who sets them up is told by what runs", async (t) => {
  const { started, root } = hostIn(t, "auto lo\niface lo inet loopback\n");
  const host = await started();
  mkdirSync(join(root, "run/NetworkManager"), { recursive: true });
  mkdirSync(join(root, "etc/NetworkManager/system-connections"), { recursive: true });
  await host.define(KEPT.dhcp);
  assert.ok(existsSync(join(root, "etc/NetworkManager/system-connections/e.nmconnection")));
  rmSync(join(root, "run/NetworkManager"), { recursive: true });
  mkdirSync(join(root, "run/systemd/netif"), { recursive: true });
  mkdirSync(join(root, "etc/systemd/network"), { recursive: true });
  await host.define(KEPT.dhcp);
  assert.ok(existsSync(join(root, "etc/systemd/network/00-vireo-e.network")));
});
