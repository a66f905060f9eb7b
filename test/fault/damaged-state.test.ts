/** Each file that vireod keeps, damaged while it does not run: it starts, guests run on, everything is there. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { emptyXml } from "../harness/domain-xml.ts";
import { virshOk } from "../harness/virsh.ts";
import { Vireod } from "../harness/vireod.ts";

const NETWORK = "<network><name>still</name><bridge name='vireo-still'/></network>";
const FILTER = "<filter name='still'><uuid>8eef2d52-900b-4e9e-bed4-dbfd03e19b40</uuid></filter>";
const SECRET_ID = "5a1d1d3c-7d27-4c6e-9d3a-6d3f8f5e0c11";
const SECRET = `<secret><uuid>${SECRET_ID}</uuid><usage type='volume'><volume>/still</volume></usage></secret>`;

/** What is told of the whole host, a line for each thing. */
const LISTS = [
  ["list", "--all", "--name"],
  ["net-list", "--all", "--name"],
  ["pool-list", "--all", "--name"],
  ["nwfilter-list"],
  ["secret-list"],
  ["vol-list", "still"],
  ["snapshot-list", "off", "--name"],
] as const;

/** Defines everything twice, so that each file has a version before it. */
async function fill(vireod: Vireod): Promise<void> {
  const { uri, root } = vireod;
  const define = async (verb: string, text: string, ...words: readonly string[]): Promise<void> => {
    const path = join(root, "wanted.xml");
    writeFileSync(path, text.replace("</name>", `</name><uuid>${randomUUID()}</uuid>`));
    for (let times = 0; times < 2; times++) await virshOk(uri, verb, ...words, path);
  };
  const pool = `<pool type='dir'><name>still</name><target><path>${root}/pool</path></target></pool>`;
  await define("pool-define", pool);
  await virshOk(uri, "pool-build", "still");
  await virshOk(uri, "pool-start", "still");
  await virshOk(uri, "pool-autostart", "still");
  await virshOk(uri, "vol-create-as", "still", "disk", "1M", "--format", "qcow2");
  await define("net-define", NETWORK);
  await define("nwfilter-define", FILTER);
  await define("secret-define", SECRET);
  await virshOk(uri, "secret-set-value", SECRET_ID, "--base64", "c3RpbGw=");
  const disk = `<disk type='file'><driver name='qemu' type='qcow2'/><source file='${root}/pool/disk'/><target dev='vda' bus='virtio'/></disk>`;
  await define("define", emptyXml("off").replace("</devices>", `${disk}</devices>`));
  await virshOk(uri, "snapshot-create-as", "off", "before");
  await define(
    "snapshot-create",
    await virshOk(uri, "snapshot-dumpxml", "off", "before"),
    "off",
    "--redefine",
  );
  await define("define", emptyXml("run"));
  await virshOk(uri, "autostart", "run");
  await virshOk(uri, "start", "run");
}

/** Filters that vireod brings, a score of files that are read as `still.xml` is; versions before the present one. */
const BESIDE = /nwfilter\/(?!still)|\/\.prev\//;

const kept = (root: string): readonly string[] =>
  ["etc", "lib", "run"].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: "utf8" })
      .map((name) => join(root, top, name))
      .filter((path) => statSync(path).isFile() && !BESIDE.test(path)),
  );

const lines = (vireod: Vireod): Promise<readonly string[]> =>
  Promise.all(
    LISTS.map(async (words) => {
      const text = await virshOk(vireod.uri, ...words).catch((error: unknown) => String(error));
      const told = text.split("\n").filter((line) => !line.startsWith("---"));
      return told.map((line) => `${words[0]}: ${line.trim().replaceAll(/ +/g, " ")}`);
    }),
  ).then((all) => all.flat());

const DAMAGES = {
  "is empty": () => Buffer.alloc(0),
  "ends in the middle": (whole: Buffer) => whole.subarray(0, whole.length / 2),
};

test("a damaged file of vireod's own: the guest runs on, and the version before it is used", async (top) => {
  const vireod = await Vireod.started();
  top.after(() => vireod.cleanUp());
  await fill(vireod);
  const [pid] = vireod.guestPids();
  const whole = await lines(vireod);
  await vireod.end("SIGKILL");
  for (const path of kept(vireod.root)) {
    const content = readFileSync(path);
    for (const [how, damage] of Object.entries(DAMAGES)) {
      const name = relative(vireod.root, path);
      await top.test(`${name} ${how}`, async (t) => {
        t.after(async () => {
          await vireod.end("SIGKILL");
          writeFileSync(path, content);
        });
        writeFileSync(path, damage(content));
        await vireod.start();
        assert.deepEqual(vireod.guestPids(), [pid], "the guest runs on, once");
        assert.equal((await virshOk(vireod.uri, "domstate", "run")).trim(), "running");
        const now = new Set(await lines(vireod));
        const lost = whole.filter((line) => !now.has(line));
        assert.deepEqual(lost, []);
      });
    }
  }
});
