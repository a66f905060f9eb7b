/**
 * vireod dies in the middle of making a domain with its volumes, or an image: afterwards no volume is there that
 * nobody has, and none is missing. VIREO_CRASH_POINTS=all takes every point instead of some.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { OPERATIONS } from "@vireo/model/operation/operations";
import { connect } from "@vireo/sdk/libvirt/connect";
import type { LibvirtConnection } from "@vireo/sdk/libvirt/connection";
import { emptyXml } from "../harness/domain-xml.ts";
import { run } from "../harness/run.ts";
import { virsh, virshOk } from "../harness/virsh.ts";
import { Fuse, spread } from "./fuse.ts";

const { createWithVolumes, clone } = OPERATIONS.domain;
const SAMPLE = process.env["VIREO_CRASH_POINTS"] === "all" ? Number.POSITIVE_INFINITY : 4;

const volumeXml = (name: string): string =>
  `<volume><name>${name}</name><capacity>1048576</capacity><target><format type='qcow2'/></target></volume>`;

const disk = (name: string, dev: string): string =>
  `<disk type='volume' device='disk'><driver name='qemu' type='qcow2'/><source pool='p' volume='${name}'/>
    <target dev='${dev}' bus='virtio'/></disk>`;

const make = (c: LibvirtConnection, name: string) => {
  const volumes = ["a", "b"].map((end) => `${name}-${end}`);
  const devices = `<devices>${disk(`${name}-a`, "vda")}${disk(`${name}-b`, "vdb")}`;
  return c.run(createWithVolumes, {
    xml: emptyXml(name).replace("<devices>", devices),
    volumes: volumes.map((volume) => ({ pool: "p", xml: volumeXml(volume) })),
    seed: { pool: "p", name: `${name}-seed`, userData: "#cloud-config\n" },
  });
};

const WORKS: Readonly<Record<string, (c: LibvirtConnection) => Promise<unknown>>> = {
  createWithVolumes: (c) => make(c, "two"),
  clone: (c) => c.run(clone, { domain: { name: "one" }, name: "two" }),
  "linked clone": (c) => c.run(clone, { domain: { name: "one" }, name: "two", linked: true }),
};

class Stage {
  readonly directory = mkdtempSync(join(tmpdir(), "vireo-making-"));
  readonly fuse = new Fuse(this.directory);
  readonly pool = join(this.directory, "p");

  get uri(): string {
    return this.fuse.vireod.uri;
  }

  async begin(): Promise<void> {
    mkdirSync(this.pool);
    await this.fuse.vireod.start();
    await virshOk(this.uri, "pool-create-as", "p", "dir", "--target", this.pool);
  }

  async asked(work: (c: LibvirtConnection) => Promise<unknown>): Promise<void> {
    await using c = await connect(this.uri);
    await work(c);
  }

  /** One domain with its volumes, and nothing else. */
  async prepare(): Promise<void> {
    for (const name of ["one", "two"]) await virsh(this.uri, ["undefine", name]);
    for (const file of readdirSync(this.pool)) rmSync(join(this.pool, file));
    await virshOk(this.uri, "pool-refresh", "p");
    await this.asked((c) => make(c, "one"));
  }

  async #disksOf(name: string): Promise<readonly string[]> {
    const list = await virshOk(this.uri, "domblklist", name);
    return [...list.matchAll(/^ ?\S+ +(\S+)$/gm)].flatMap(([, at = ""]) =>
      at === "Source" ? [] : [at.startsWith("/") ? at : join(this.pool, at)],
    );
  }

  /** Every image of a domain is there and whole; no file is there that none has, but the seeds and what was there first. */
  async check(): Promise<void> {
    const names = (await virshOk(this.uri, "list", "--all", "--name")).split("\n");
    assert.ok(names.includes("one"), "the first domain is lost");
    const named = new Set<string>();
    for (const name of names.filter((one) => one !== "")) {
      for (const path of await this.#disksOf(name)) named.add(path);
      if (existsSync(join(this.pool, `${name}-seed`))) named.add(join(this.pool, `${name}-seed`));
    }
    const disks = [...named].filter((path) => !path.endsWith("-seed"));
    for (const path of disks) {
      const words = ["info", "--backing-chain", "--output=json", path];
      const { status, stdout, stderr } = await run("qemu-img", words);
      assert.equal(status, 0, stderr);
      for (const image of JSON.parse(stdout) as readonly { readonly filename: string }[])
        named.add(image.filename);
    }
    const there = readdirSync(this.pool).map((file) => join(this.pool, file));
    assert.deepEqual(there.toSorted(), [...named].toSorted());
    assert.deepEqual(readdirSync(join(this.fuse.vireod.root, "lib/qemu/journal")), []);
  }

  async cleanUp(): Promise<void> {
    await this.fuse.vireod.cleanUp();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

for (const [name, work] of Object.entries(WORKS))
  test(`kill -9 in the middle of ${name}: nothing is left over or missing`, async (t) => {
    const stage = new Stage();
    t.after(() => stage.cleanUp());
    await stage.begin();
    await stage.prepare();
    const all = await stage.fuse.record(() => stage.asked(work));
    await stage.check();
    const points = spread(all, SAMPLE);
    for (const point of points) {
      await stage.prepare();
      const died = await stage.fuse.dieAt(point, () => stage.asked(work));
      if (died) await stage.fuse.vireod.start();
      await stage.check().catch((cause: unknown) => {
        throw new Error(`${died ? "died" : "lived on"} at ${point.at}, ${point.nth}`, { cause });
      });
      const { stdout } = await virsh(stage.uri, ["list", "--all", "--name"]);
      if (!stdout.includes("two")) await stage.asked(work);
      await stage.check();
    }
    t.diagnostic(`${points.length} of ${all.length} points`);
  });

test("kill -9 in the middle of an import: what had come is removed", async (t) => {
  const stage = new Stage();
  t.after(() => stage.cleanUp());
  await stage.begin();
  const asked = Promise.withResolvers<void>();
  const server = createServer((_request, answer) => {
    answer.writeHead(200, { "content-length": "1000000" }).write(Buffer.alloc(500_000, "x"));
    asked.resolve();
  }).listen(0, "127.0.0.1");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const source = `http://127.0.0.1:${address.port}/image`;
  const failed = stage
    .asked((c) => c.run(OPERATIONS.image.import, { pool: { name: "p" }, source }))
    .catch((error: unknown) => error);
  await asked.promise;
  await stage.fuse.vireod.end("SIGKILL");
  await failed;
  assert.equal(readdirSync(stage.pool).length, 1, "what had come");
  await stage.fuse.vireod.start();
  assert.deepEqual(readdirSync(stage.pool), []);
  const log = readFileSync(stage.fuse.vireod.logFile, "utf8");
  assert.match(log, /"operation":"import".*interrupted: what had come is removed/);
});
