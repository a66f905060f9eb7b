/** A guest whose card passt serves: a lease, a TCP connection out, and nothing left of passt. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { helloXml } from "../harness/domain-xml.ts";
import type { Conversation } from "../harness/conversation.ts";
import { processesOf } from "../harness/processes.ts";
import { virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";
import { ANSWER_MS, consoleOf } from "./guest-shell.ts";

const PASST = "/usr/bin/passt";
const BOOT_MS = 40_000;
const ip = (...args: readonly string[]): void => void execFileSync("ip", args);

/** What a guest says to a server of the host's own loopback, which passt shows it as its gateway. */
async function heardFrom(guest: Conversation): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const words = new Promise<string>((resolve, reject) => {
    server.once("connection", (socket) => {
      socket.setEncoding("utf8").once("data", (text: string) => {
        resolve(text);
        socket.destroy();
      });
      socket.on("error", reject).setTimeout(ANSWER_MS, () => reject(new Error("nothing said")));
    });
  });
  guest.say(`echo hello from within | nc -w 9 192.0.2.2 ${port}\n`);
  return words.finally(() => server.close());
}

/** Whether somebody listens on the host's loopback. */
const taken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });

test("passt: gives the guest its address and its connections, and goes with the guest", async (t) => {
  if (!existsSync(PASST)) return t.skip(`${PASST} is not installed`);
  // it takes the guest's address from where the host's default route goes
  ip("link", "add", "out0", "type", "veth", "peer", "name", "in0");
  ip("addr", "add", "192.0.2.1/24", "dev", "out0");
  for (const name of ["out0", "in0"]) ip("link", "set", name, "up");
  ip("route", "add", "default", "via", "192.0.2.2");
  const vireod = new Vireod();
  chmodSync(vireod.root, 0o755); // passt is nobody
  t.after(() => vireod.cleanUp());
  await vireod.start();
  const { uri, root } = vireod;
  const ok = (...args: readonly string[]): Promise<string> => virshOk(uri, ...args);
  const path = join(root, "guest.xml");
  const card = `<interface type='user'><backend type='passt'/><model type='virtio'/>
    <portForward proto='tcp' address='127.0.0.1'><range start='5022' to='22'/></portForward></interface>`;
  writeFileSync(path, helloXml().replace(/<interface type='user'>.*?<\/interface>/s, card));
  const passts = (): readonly number[] => processesOf(`${root}/`, "passt");

  await ok("create", path);
  const guest = consoleOf(t, uri, "hello");
  await guest.expect(/lease name=eth0 address=192\.0\.2\.1/, BOOT_MS);
  assert.equal(passts().length, 1);
  assert.equal(await heardFrom(guest), "hello from within\n");
  assert.ok(await taken(5022), "the forwarded port");

  await ok("destroy", "hello");
  assert.deepEqual(readdirSync(join(root, "run/qemu/passt")), []);

  // whose guest ended while no daemon ran
  await ok("create", path, "--paused");
  await vireod.end("SIGKILL");
  for (const pid of vireod.guestPids()) process.kill(pid, "SIGKILL");
  await vireod.start();
  assert.deepEqual([passts(), readdirSync(join(root, "run/qemu/passt"))], [[], []]);
});
