/** The same steps given to a new QEMU and to a running one, and taken back. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { argvOf } from "./command/argument.ts";
import { blockdevStep, chardevStep, deviceStep, netdevStep, objectStep } from "./device/step.ts";
import { argv, plug, unplug, type PlugStep, type QmpCommand } from "./plug.ts";
import { signalProcess, spawnQemu } from "./process.ts";
import { QmpClient } from "./qmp/client.ts";
import { QmpError } from "./qmp/qmp-error.ts";

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "vireo-plug-"));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
}

interface Guest {
  readonly client: QmpClient;
  readonly exited: Promise<unknown>;
}

/** A stopped guest with these steps on its command line. */
async function guest(t: TestContext, steps: readonly PlugStep[]): Promise<Guest> {
  const dir = folder(t);
  const server = createServer();
  server.listen(join(dir, "m"));
  t.after(() => server.close());
  const connected = once(server, "connection");
  const qemu = await spawnQemu({
    binary: "/usr/bin/qemu-system-x86_64",
    argv: "-S -machine pc,accel=tcg -m 64 -nodefaults -display none -mon chardev=m,mode=control"
      .split(" ")
      .concat("-chardev", `socket,id=m,path=${join(dir, "m")}`, argvOf(argv(steps))),
    env: {},
    cwd: dir,
    logPath: join(dir, "log"),
    fds: [],
  });
  t.after(() => signalProcess(qemu, "SIGKILL"));
  const [socket] = (await connected) as [Socket]; // as `connection` is declared
  return { client: await QmpClient.connect(socket), exited: qemu.exited };
}

/** A disk, a network card, a random number source and a serial port. */
function someDevices(image: string): readonly PlugStep[] {
  const [disk, card, rng, port] = ["disk[1]", "interface[1]", "rng[1]", "channel[1]"].map(
    (name) => `/domain/devices/${name}`,
  ) as [string, string, string, string]; // as many as names
  return [
    blockdevStep({ driver: "file", filename: image, "node-name": "storage" }, disk),
    blockdevStep({ driver: "raw", file: "storage", "node-name": "format" }, disk),
    deviceStep(
      { driver: "virtio-blk-pci", id: "disk0", drive: "format", addr: "0x4", serial: "a,b" },
      disk,
    ),
    netdevStep({ type: "user", id: "hostnet0" }, card),
    deviceStep({ driver: "virtio-net-pci", id: "net0", netdev: "hostnet0", addr: "0x5" }, card),
    objectStep({ "qom-type": "rng-random", id: "objrng0", filename: "/dev/urandom" }, rng),
    deviceStep({ driver: "virtio-rng-pci", id: "rng0", rng: "objrng0", addr: "0x6" }, rng),
    deviceStep({ driver: "virtio-serial-pci", id: "serial0", addr: "0x7" }, port),
    chardevStep({ id: "char0", backend: { type: "null" } }, port),
    deviceStep({ driver: "virtserialport", id: "port0", chardev: "char0", name: "x,y" }, port),
  ];
}

const run = (client: QmpClient, command: QmpCommand | undefined): Promise<unknown> => {
  assert.ok(command !== undefined);
  return client.execute(command.execute, command.arguments);
};

/** What QEMU itself says is there. */
const state = (client: QmpClient): Promise<readonly unknown[]> =>
  Promise.all([
    client.execute("query-block"),
    client.execute("query-named-block-nodes", { flat: true }),
    client.execute("query-pci"),
    client.execute("qom-get", { path: "/machine/peripheral/disk0", property: "serial" }),
    client.execute("qom-get", { path: "/machine/peripheral/port0", property: "name" }),
    client.execute("qom-get", { path: "/machine/peripheral/net0", property: "type" }),
    client.execute("qom-list", { path: "/objects" }),
  ]);

test("plug: cold and hot plug leave the same QEMU", async (t) => {
  const image = join(folder(t), "image,1.raw");
  writeFileSync(image, Buffer.alloc(1024 * 1024));
  const steps = someDevices(image);
  const cold = await guest(t, steps);
  const expected = await state(cold.client);
  await Promise.all([cold.client.execute("quit"), cold.exited]); // lets go of the image
  assert.ok(JSON.stringify(expected).length > 1000);
  const { client: hot } = await guest(t, []);
  for (const step of steps) await run(hot, plug(step));
  assert.deepEqual(await state(hot), expected);
});

test("plug: what was done is taken back, in reverse, when a later step fails", async (t) => {
  const image = join(folder(t), "image.raw");
  writeFileSync(image, Buffer.alloc(1024 * 1024));
  const { client } = await guest(t, []);
  const look = (): Promise<readonly unknown[]> =>
    Promise.all(
      ["query-named-block-nodes", "query-chardev"].map((command) => client.execute(command)),
    );
  const before = await look();
  const done = someDevices(image).filter(({ kind }) => kind !== "device");
  assert.equal(done.length, 5);
  for (const step of done) await run(client, plug(step));
  await assert.rejects(
    run(client, plug(deviceStep({ driver: "no-such-device", id: "x" }, "/domain"))),
    (error) => error instanceof QmpError && error.errorClass === "GenericError",
  );
  assert.notDeepEqual(await look(), before);
  for (const step of done.toReversed()) await run(client, unplug(step));
  assert.deepEqual(await look(), before);
});
