/** What the test beside runs in a network namespace of its own, with the host's ifupdown. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { isError } from "@vireo/model/error";
import { execProgram } from "../../host/exec.ts";
import { makeDirectories, pathsOf } from "../../host/paths.ts";
import type { Call, Role } from "../contract.ts";
import { startInterfaceDriver } from "./interface-driver.ts";
import { refuseHostNetwork } from "../own-network.ts";

refuseHostNetwork();

const root = mkdtempSync(join(tmpdir(), "vireo-interface-"));
const paths = pathsOf(root);
const file = join(root, "interfaces");
const roots = { interfaces: file, net: "/sys/class/net", others: { [root]: "somebody else" } };
const call: Call = {
  caller: { name: "test", readOnly: false, door: "daemon" },
  uri: "qemu:///system",
  onDisconnect: () => undefined,
};
const ip = async (...args: readonly string[]): Promise<string> =>
  (await execProgram("ip", args)).stdout;

async function started(): Promise<Required<Role<"hostInterface">>> {
  const { roles } = await startInterfaceDriver(paths, pino({ level: "silent" }), roots);
  // every operation is there: a missing one fails the test
  return roles.hostInterface as Required<Role<"hostInterface">>;
}

/** Not every host has ifupdown; the file is tried without it too. */
const hasIfup = ["/usr/local/sbin", "/usr/sbin", "/sbin"].some((directory) =>
  existsSync(join(directory, "ifup")),
);
const ETH = `<interface type='ethernet' name='eth0'><start mode='${hasIfup ? "onboot" : "none"}'/>
  <protocol family='ipv4'><ip address='10.5.0.2' prefix='24'/></protocol></interface>`;
const BRIDGE = `<interface type='bridge' name='br7'><start mode='onboot'/>
  <protocol family='ipv4'><ip address='10.5.0.3' prefix='24'/></protocol>
  <bridge stp='off'><interface type='ethernet' name='eth0'/></bridge></interface>`;
const eth = { interface: { name: "eth0" } };
const bridge = { interface: { name: "br7" } };

try {
  await makeDirectories(paths);
  await ip("link", "add", "eth0", "type", "veth", "peer", "name", "far0");
  await ip("link", "set", "far0", "up");
  let role = await started();
  assert.match(await role.xml(eth, call), /<interface type='ethernet' name='eth0'>/);
  await assert.rejects(
    async () => role.define({ xml: ETH }, call),
    (error) => isError(error, "operationUnsupported") && /somebody else/.test(error.message),
  );
  writeFileSync(file, "# mine\n");
  await role.define({ xml: ETH }, call);
  assert.doesNotMatch(await ip("address"), /10\.5\.0\.2/, "nothing happens yet");
  if (hasIfup) {
    await role.start(eth, call);
    assert.match(await ip("address", "show", "eth0"), /10\.5\.0\.2\/24/);
    await assert.rejects(async () => role.start(eth, call), /already running/);
    await role.destroy(eth, call);
    assert.doesNotMatch(await ip("address"), /10\.5\.0\.2/);
    await assert.rejects(async () => role.destroy(eth, call), /not running/);
    await role.start(eth, call);
  }

  // into a bridge, and back: the file is what it was, byte for byte
  const before = readFileSync(file, "utf8");
  await role.beginChange({}, call);
  await assert.rejects(async () => role.beginChange({}, call), /already a transaction/);
  await role.define({ xml: BRIDGE }, call);
  assert.match(await role.xml({ ...bridge, inactive: true }, call), /<bridge stp='off'>/);
  assert.doesNotMatch(readFileSync(file, "utf8"), /iface eth0/);
  await role.rollbackChange({}, call);
  assert.equal(readFileSync(file, "utf8"), before);
  await assert.rejects(async () => role.commitChange({}, call), /no transaction running/);
  await assert.rejects(
    async () => role.lookup(bridge, call),
    (error) => isError(error, "noInterface"),
  );

  // a daemon that dies keeps the change open; a host that starts again takes it back
  await role.beginChange({}, call);
  await role.define({ xml: BRIDGE }, call);
  role = await started();
  assert.match(readFileSync(file, "utf8"), /iface br7/);
  // no file of the host's next boot can be had here, so the one of this boot is made another's
  writeFileSync(join(paths.lib, "interfaces.before.boot"), "another boot");
  role = await started();
  assert.equal(readFileSync(file, "utf8"), before);

  await role.beginChange({}, call);
  await role.undefine(eth, call);
  await role.commitChange({}, call);
  assert.equal(readFileSync(file, "utf8"), "# mine\n");
} finally {
  rmSync(root, { recursive: true, force: true });
}
