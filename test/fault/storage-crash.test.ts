/**
 * vireod dies in the middle of work on pools, volumes and secrets: after its next start all is as it was before the
 * work or as it is after it, whatever it was. VIREO_FAULT_POINTS=99 takes every point instead of some.
 */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../harness/run.ts";
import { virsh, virshOk } from "../harness/virsh.ts";
import { Fuse, spread } from "./fuse.ts";

const SAMPLE = Number(process.env["VIREO_FAULT_POINTS"] ?? 2);
const UUID = "11111111-2222-3333-4444-555555555577";

/** Lines are virsh's; `DIR` is the stage's directory. Before each there is pool `p`, and `q` is defined. */
const WORKS: Readonly<
  Record<string, { readonly before?: readonly string[]; readonly work: string }>
> = {
  "pool-define": { work: "pool-define DIR/new.xml" },
  "pool-create": { work: "pool-create DIR/new.xml" },
  "redefinition of a pool": { work: "pool-define DIR/q-again.xml" },
  "pool-start": { work: "pool-start q" },
  "pool-destroy": { work: "pool-destroy p" },
  "pool-autostart": { work: "pool-autostart q" },
  "pool-undefine": { before: ["pool-autostart q"], work: "pool-undefine q" },
  "vol-create of a raw one": { work: "vol-create-as p new.img 1M" },
  "vol-create of a thin one": { work: "vol-create-as p new.img 1M --allocation 0" },
  "vol-create of a qcow2": { work: "vol-create-as p new.qcow2 1M --format qcow2" },
  "vol-clone of a raw one": { work: "vol-clone raw.img new.img --pool p" },
  "vol-clone of a qcow2": { work: "vol-clone disk.qcow2 new.qcow2 --pool p" },
  "vol-resize": { work: "vol-resize disk.qcow2 4M --pool p" },
  "vol-delete": { work: "vol-delete disk.qcow2 --pool p" },
  "secret-define": { work: "secret-define DIR/other.xml" },
  "secret-set-value": { work: `secret-set-value ${UUID} --plain --file DIR/value` },
  "secret-undefine": { work: `secret-undefine ${UUID}` },
};

const pool = (name: string, inner = ""): string =>
  `<pool type='dir'><name>${name}</name>${inner}<target><path>DIR/${name}</path></target></pool>`;
const secret = (uuid: string): string =>
  `<secret ephemeral='no' private='no'><uuid>${uuid}</uuid></secret>`;

const FILES: Readonly<Record<string, string>> = {
  "new.xml": pool("new"),
  "q.xml": pool("q", "<uuid>11111111-2222-3333-4444-555555555570</uuid>"),
  "q-again.xml": pool("q", "<uuid>11111111-2222-3333-4444-555555555570</uuid>").replace(
    "/q<",
    "/r<",
  ),
  "secret.xml": secret(UUID),
  "other.xml": secret(UUID.replace("77", "78")),
  value: "another",
};

class Stage {
  readonly directory = mkdtempSync(join(tmpdir(), "vireo-storage-crash-"));
  readonly fuse = new Fuse(this.directory);
  readonly #pool = join(this.directory, "p");

  async ask(line: string): Promise<string> {
    return virshOk(this.fuse.vireod.uri, ...line.replaceAll("DIR", this.directory).split(" "));
  }

  async #names(line: string, pattern: RegExp): Promise<readonly string[]> {
    const { stdout } = await virsh(this.fuse.vireod.uri, line.split(" "));
    return [...stdout.matchAll(pattern)].map(([, name]) => name ?? "");
  }

  async begin(): Promise<void> {
    for (const name of ["p", "q", "r", "new"]) mkdirSync(join(this.directory, name));
    for (const [name, text] of Object.entries(FILES))
      writeFileSync(join(this.directory, name), text.replaceAll("DIR", this.directory));
    await this.fuse.vireod.start();
  }

  /** What there is before each work, and nothing else. */
  async prepare(before: readonly string[] = []): Promise<void> {
    const { uri } = this.fuse.vireod;
    for (const name of await this.#names("pool-list --all --name", /^(\S+)/gm)) {
      await virsh(uri, ["pool-destroy", name]);
      await virsh(uri, ["pool-undefine", name]);
    }
    for (const uuid of await this.#names("secret-list", /^ ([0-9a-f-]{36}) /gm))
      await this.ask(`secret-undefine ${uuid}`);
    for (const name of readdirSync(this.#pool)) rmSync(join(this.#pool, name));
    await this.ask("pool-create-as p dir --target DIR/p");
    await this.ask("vol-create-as p raw.img 1M");
    await this.ask("vol-create-as p disk.qcow2 2M --format qcow2");
    await this.ask("pool-define DIR/q.xml");
    await this.ask("secret-define DIR/secret.xml");
    await this.ask(`secret-set-value ${UUID} aGVsbG8=`);
    for (const line of before) await this.ask(line);
  }

  /** All that a user can see of it, and the files. */
  async picture(): Promise<readonly string[]> {
    const pools = (await this.ask("pool-list --all")).replaceAll(/ +/g, " ").split("\n");
    // the next start has started those that start by themselves
    const lines = pools.map((line) => line.replace(/(in)?active yes$/, "starts by itself"));
    lines.splice(1, 1, await this.ask("secret-list"));
    for (const name of await this.#names("pool-list --all --name", /^(\S+)/gm))
      lines.push(`${name} is at ${await this.ask(`pool-dumpxml ${name} --xpath //target/path`)}`);
    const values = await virsh(this.fuse.vireod.uri, ["secret-get-value", UUID, "--plain"]);
    lines.push(values.stdout);
    for (const name of readdirSync(this.#pool).toSorted()) {
      const path = join(this.#pool, name);
      const { stdout } = await run("qemu-img", ["info", "--output=json", path]);
      const { "virtual-size": size, format } = JSON.parse(stdout) as Record<string, unknown>;
      // how much of an image is on disk already is the file system's business, of a raw one it was asked for
      const blocks = format === "raw" ? statSync(path).blocks : "";
      lines.push(`${name} ${String(format)} ${String(size)} ${blocks}`);
    }
    return lines;
  }

  leftOver(): readonly string[] {
    return readdirSync(join(this.fuse.vireod.root, "lib/storage-journal"));
  }

  async cleanUp(): Promise<void> {
    await this.fuse.vireod.cleanUp();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

test("kill -9 in the middle of work on storage: all is as before it or as after it", async (t) => {
  const stage = new Stage();
  t.after(() => stage.cleanUp());
  await stage.begin();
  let passed = 0;
  for (const [name, { before, work }] of Object.entries(WORKS)) {
    await stage.prepare(before);
    const earlier = await stage.picture();
    const all = await stage.fuse.record(() => stage.ask(work));
    const later = await stage.picture();
    assert.ok(all.length > 0 && !same(earlier, later), `${name} does nothing`);
    for (const point of spread(all, SAMPLE)) {
      await stage.prepare(before);
      const died = await stage.fuse.dieAt(point, () => stage.ask(work));
      if (died) await stage.fuse.vireod.start();
      const now = await stage.picture();
      if (!same(now, earlier)) assert.deepEqual(now, later, `${name}: died at ${point.at}`);
      assert.deepEqual(stage.leftOver(), [], `${name}: journal after ${point.at}`);
      passed += 1;
    }
  }
  t.diagnostic(`${passed} points of ${Object.keys(WORKS).length} works`);
  const log = readFileSync(stage.fuse.vireod.logFile, "utf8");
  assert.doesNotMatch(log, /"level":(50|60)/);
});
