/** The real virt-admin on the real libvirtd and on vireod: the same answers, but for what is one's own. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { run, type RunResult } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";
import { virshInTerminal, virshOk } from "../harness/virsh.ts";

const missing = existsSync("/usr/bin/virt-admin") ? Libvirtd.missing() : "there is no virt-admin";

const virtAdmin = (socket: string, words: readonly string[]): Promise<RunResult> =>
  run("virt-admin", ["-c", `libvirtd:///system?socket=${socket}`, ...words]);

const COMMANDS = `
version
server-threadpool-info nosuch
server-threadpool-set libvirtd
server-threadpool-set libvirtd --min-workers 4 --max-workers 30 --priority-workers 6
server-threadpool-info libvirtd
server-threadpool-set libvirtd --min-workers 40
server-threadpool-set libvirtd --max-workers 2
server-threadpool-set libvirtd --max-workers 0
server-threadpool-set libvirtd --min-workers 9 --max-workers 8
server-clients-info libvirtd
server-clients-info admin
server-clients-info nosuch
server-clients-set libvirtd --max-clients 100 --max-unauth-clients 30
server-clients-set libvirtd --max-clients 10
server-clients-set libvirtd --max-unauth-clients 2000
server-clients-set libvirtd --max-clients 0
server-clients-set libvirtd
server-clients-info libvirtd
client-list nosuch
client-list libvirtd
client-info libvirtd 99
client-info nosuch 1
client-disconnect libvirtd 99
server-update-tls libvirtd
server-update-tls nosuch
daemon-log-filters
daemon-log-filters --filters|1:qemu 3:rpc
daemon-log-filters
daemon-log-filters --filters|
daemon-log-filters
daemon-log-filters --filters 9:x
daemon-log-filters --filters nonsense
daemon-log-outputs --outputs 3:stderr
daemon-log-outputs
daemon-log-outputs --outputs 1:file:ROOT/admin.log
daemon-log-outputs
daemon-log-outputs --outputs 1:nosuch
daemon-log-outputs --outputs bad
daemon-log-outputs --outputs 7:stderr
daemon-log-outputs
`
  .trim()
  .split("\n")
  .map((line) => line.split("|").flatMap((part, i) => (i === 0 ? part.split(" ") : [part])));

/** Figures of threads, which we have none of, and what ends a line unseen. */
const comparable = (text: string, root: string): string =>
  text
    .replaceAll(root, "ROOT")
    .replace(/^((?:nWorkers|freeWorkers) *: ).*$/gm, "$1N")
    .replace(/^nclients_unauth_max : (0|20)$/gm, "nclients_unauth_max : N")
    .replace(/ +$/gm, "");

async function transcript(socket: string, root: string): Promise<readonly string[]> {
  const said: string[] = [];
  for (const words of COMMANDS) {
    const given = words.map((word) => word.replace("ROOT", root));
    const { status, stdout, stderr } = await virtAdmin(socket, given);
    said.push(comparable(`${words.join(" ")}: ${status}\n${stdout}${stderr}`, root));
  }
  return said;
}

test("admin: virt-admin says the same of vireod as of libvirtd", { skip: missing }, async (t) => {
  const [libvirtd, vireod] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(() => Promise.all([libvirtd.cleanUp(), vireod.cleanUp()]));
  const expected = await transcript(join(libvirtd.root, "run/libvirt-admin-sock"), libvirtd.root);
  const actual = await transcript(join(vireod.root, "run/vireo-admin-sock"), vireod.root);
  for (const [i, answer] of actual.entries()) assert.equal(answer, expected[i]);
  const log = readFileSync(join(vireod.root, "admin.log"), "utf8");
  assert.equal(log, "", "nothing was said since the log went there");
});

test("admin: a client is seen, known and hung up on, and there is a limit", {
  skip: missing,
}, async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  const socket = join(vireod.root, "run/vireo-admin-sock");
  const admin = async (...words: string[]): Promise<string> => {
    const { status, stdout, stderr } = await virtAdmin(socket, words);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  const servers = await admin("server-list"); // libvirtd tells them in no order
  assert.deepEqual(servers.match(/libvirtd|admin/g), ["libvirtd", "admin"]);
  const session = virshInTerminal(vireod.uri, ["event", "--all", "--loop"]);
  t.after(() => void session.process.kill("SIGKILL"));
  let id: string | undefined;
  while (id === undefined) id = /^ (\d+) +unix/m.exec(await admin("client-list", "libvirtd"))?.[1];
  const info = await admin("client-info", "libvirtd", id);
  assert.match(info, new RegExp(`^unix_user_id +: ${process.getuid?.()}$`, "m"));
  assert.match(info, /^unix_user_name *: root$/m);
  assert.match(info, /^unix_process_id *: [1-9]\d*$/m);
  await admin("server-clients-set", "libvirtd", "--max-unauth-clients", "1", "--max-clients", "1");
  await assert.rejects(virshOk(vireod.uri, "list"), "one is as many as may be connected");
  await admin("client-disconnect", "libvirtd", id);
  while (/unix/.test(await admin("client-list", "libvirtd")));
  await virshOk(vireod.uri, "list");
});
