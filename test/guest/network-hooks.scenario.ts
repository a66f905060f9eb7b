/** What the script hooks/network is told from a network's start to its end, with a guest in between. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { emptyXml } from "../harness/domain-xml.ts";
import { virsh, virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";

refuseHostNetwork();

const NETWORK =
  "<network><name>n1</name><forward mode='nat'/><bridge name='virbr7'/><ip address='10.77.0.1' prefix='24'/></network>";
const CARD =
  "<interface type='network'><mac address='52:54:00:00:77:01'/><source network='n1'/></interface>";
const TXT = "<txt name='a' value='b'/>";

test("network hooks: libvirt's words from start to end, a refusal is obeyed", async (t) => {
  const vireod = new Vireod();
  t.after(async () => {
    await virshOk(vireod.uri, "net-destroy", "n1").catch(() => undefined);
    await vireod.cleanUp();
  });
  const [hooks, told] = [join(vireod.root, "etc/hooks"), join(vireod.root, "told")];
  mkdirSync(hooks, { recursive: true });
  const script = (more: string): void =>
    writeFileSync(
      join(hooks, "network"),
      `#!/bin/sh\necho "called $*" >>${told}\ncat >>${told}\n${more}\n`,
      { mode: 0o755 },
    );
  script("");
  await vireod.start();
  const ok = (...args: readonly string[]): Promise<string> => virshOk(vireod.uri, ...args);
  const file = (name: string, xml: string): string => {
    writeFileSync(join(vireod.root, name), xml);
    return join(vireod.root, name);
  };
  const guest = file("guest.xml", emptyXml("guest").replace("<serial", `${CARD}<serial`));
  await ok("net-define", file("n1.xml", NETWORK));
  await ok("net-start", "n1");
  await ok("create", guest, "--paused");
  await ok("net-update", "n1", "add", "dns-txt", TXT, "--live");
  await ok("destroy", "guest");

  // a script that comes or changes while the daemon runs is heeded
  script('[ "$2" = port-created ] && exit 1\nexit 0');
  const refused = await virsh(vireod.uri, ["create", guest, "--paused"]);
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /Hook script execution failed/);
  assert.doesNotMatch(await ok("net-port-list", "n1"), /[-0-9a-f]{36}/);
  script("");
  process.kill(vireod.pid, "SIGHUP");
  await ok("net-destroy", "n1");

  const text = readFileSync(told, "utf8");
  assert.deepEqual(
    [...text.matchAll(/^called (.*)$/gm)].map(([, words]) => words),
    [
      "n1 start begin -",
      "n1 started begin -",
      "n1 port-created begin -",
      "n1 updated begin -",
      "n1 port-deleted begin -",
      "n1 port-created begin -",
      "n1 stopped end -",
    ],
  );
  const created = /called n1 port-created[^]*?<\/hookData>/.exec(text)?.[0] ?? "";
  assert.match(created, /<hookData>\n  <network connections='1'>\n    <name>n1<\/name>/);
  assert.match(created, /\n  <networkport>\n    <uuid>[^]*<owner>\n      <name>guest<\/name>/);
  assert.match(
    created,
    /<plug type='network' bridge='virbr7'\/>\n  <\/networkport>\n<\/hookData>$/,
  );
  const deleted = /called n1 port-deleted[^]*?<\/hookData>/.exec(text)?.[0] ?? "";
  assert.match(deleted, /<network>\n[^]*<networkport>/);
});
