/** explain, plan and apply over the wire, on a domain that is off and on one that runs in a real QEMU. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { OPERATIONS } from "@vireo/model/operation/operations";
import { connect } from "@vireo/sdk/libvirt/connect";
import type { LibvirtConnection } from "@vireo/sdk/libvirt/connection";
import { LibvirtError } from "@vireo/sdk/libvirt/libvirt-error";
import { emptyXml } from "../harness/domain-xml.ts";
import { run } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";

const { explain, plan, apply } = OPERATIONS.domain;
const NAME = "insight";
const XML = emptyXml(NAME);
const domain = { name: NAME };
const VIREO = join(import.meta.dirname, "../../bin/vireo");

const titled = (title: string): string => XML.replace("<vcpu>", `<title>${title}</title><vcpu>`);
const INACTIVE = 2;

async function printed(c: LibvirtConnection, flags: number): Promise<string> {
  const { dom } = await c.call("domainLookupByName", { name: NAME });
  return (await c.call("domainGetXmlDesc", { dom, flags })).xml;
}

async function explainsDefinition(c: LibvirtConnection): Promise<void> {
  const { lines, args, problem } = await c.run(explain, { domain });
  assert.equal(problem, undefined);
  const ruleAt = (path: string): string | undefined =>
    lines.flatMap(({ sources }) => sources).find((source) => source.path === path)?.rule;
  assert.equal(ruleAt("/domain/name"), "written");
  assert.equal(ruleAt("/domain/uuid"), "resolveIdentity");
  const usb = lines.find(({ xml }) => xml.includes("<controller type='usb'"));
  assert.equal(ruleAt(usb?.path ?? ""), "addBoardDevices");
  assert.equal(ruleAt(`${usb?.path ?? ""}/address/@slot`), "addressPci");
  assert.deepEqual(
    usb?.args.map((at) => [args[at]?.option, args[at]?.id, args[at]?.qmp]),
    [["-device", "usb", "device_add"]],
  );
  const balloon = lines.find(({ path }) => path === "/domain/devices/memballoon");
  assert.equal(balloon?.silent, "It says that there is none");
  assert.equal(lines.map(({ xml }) => `${xml}\n`).join(""), await printed(c, INACTIVE));
}

async function leadsBack(c: LibvirtConnection): Promise<void> {
  const { args, lines } = await c.run(explain, { domain, arg: "charserial0" });
  assert.deepEqual(
    args.map(({ option, origin }) => `${option} ${origin}`),
    ["-chardev /domain/devices/serial[1]", "-device /domain/devices/serial[1]"],
  );
  assert.equal(lines[0]?.path, "/domain/devices/serial[1]");
  await assert.rejects(
    c.run(explain, { domain, path: "/domain/devices/disk" }),
    /nothing of the domain is at '\/domain\/devices\/disk'/,
  );
}

async function explainsRunning(c: LibvirtConnection): Promise<void> {
  const { running, lines } = await c.run(explain, { domain, path: "/domain/devices/serial" });
  assert.ok(running);
  const tty = lines
    .flatMap(({ sources }) => sources)
    .find(({ path }) => path.endsWith("source/@path"));
  assert.equal(tty?.rule, "running");
  assert.match(tty.value ?? "", /^\/dev\/pts\/\d+$/);
}

async function plansAndApplies(c: LibvirtConnection): Promise<void> {
  const wanted = titled("One").replace("16</memory>", "24</memory>");
  const { revision, changes } = await c.run(plan, { domain, xml: wanted });
  assert.deepEqual(
    changes.map(({ path, impact }) => `${path} ${impact}`),
    ["/domain/title live", "/domain/memory/text() nextBoot", "/domain/currentMemory nextBoot"],
  );
  const done = await c.run(apply, { domain, xml: wanted, revision });
  assert.deepEqual(done.changes, changes);
  const [now, later] = [await printed(c, 0), await printed(c, INACTIVE)];
  assert.match(now, /<title>One<\/title>\n {2}<memory unit='KiB'>16384</);
  assert.match(later, /<title>One<\/title>\n {2}<memory unit='KiB'>24576</);
  assert.deepEqual((await c.run(plan, { domain, xml: wanted })).changes, []);
}

async function refuses(c: LibvirtConnection): Promise<void> {
  const { revision } = await c.run(plan, { domain, xml: titled("Two") });
  await c.run(apply, { domain, xml: titled("Two") });
  const before = await printed(c, INACTIVE);
  const refused = (words: RegExp) => (error: unknown) =>
    error instanceof LibvirtError && words.test(error.message);
  await assert.rejects(
    c.run(apply, { domain, xml: titled("Three"), revision }),
    refused(/has changed: it is at revision [0-9a-f]{64}$/),
  );
  await assert.rejects(
    c.run(apply, { domain, xml: XML.replace(NAME, "other") }),
    refused(/cannot apply the change of '\/domain\/name'/),
  );
  assert.equal(await printed(c, INACTIVE), before);
}

async function followsEditor(c: LibvirtConnection): Promise<void> {
  const dump = await printed(c, INACTIVE);
  const edited = dump.replace("<on_crash>destroy<", "<on_crash>preserve<");
  await c.call("domainDefineXml", { xml: edited });
  const { lines } = await c.run(explain, { domain, inactive: true });
  const sources = new Map(lines.flatMap((line) => line.sources).map((one) => [one.path, one]));
  assert.equal(sources.get("/domain/vcpu/@placement")?.rule, "resolveVcpu");
  assert.equal(sources.get("/domain/on_crash")?.rule, "later");
  assert.equal(sources.get("/domain/on_crash")?.was, "destroy");
}

async function commands(t: TestContext, { root }: Vireod): Promise<void> {
  const file = join(root, "wanted.xml");
  await writeFile(file, titled("Four"));
  const vireo = (...words: readonly string[]) => run(VIREO, ["--root", root, "-q", ...words]);
  await t.test("vireo plan, apply, explain", async () => {
    assert.match(
      (await vireo("plan", NAME, file)).stdout,
      /~ \/domain\/title\n {4}at once: .*\n.*- Two\n.*\+ Four\n1 change: 1 at once\n/,
    );
    assert.match((await vireo("apply", NAME, file)).stdout, /1 change: 1 at once/);
    const { stdout } = await vireo("explain", NAME, "--path", "/domain/title");
    assert.match(
      stdout,
      /^ +<title>Four<\/title> +written:\d+ +\(It is kept for people and their tools\)$/m,
    );
    const { stdout: history } = await vireo("history", NAME);
    assert.match(history, /^ \d+ +\S+Z +uid:\d+ +domain\.apply +now *$/m);
    assert.match(history, / domain\.define *$/m);
    const json: unknown = JSON.parse((await vireo("-o", "json", "explain", file)).stdout);
    assert.ok(typeof json === "object" && json !== null && "lines" in json && "args" in json);
  });
}

test("insight: explain, plan and apply", { timeout: 60_000 }, async (t) => {
  const daemon = await Vireod.started();
  t.after(() => daemon.cleanUp());
  await using c = await connect(daemon.uri);
  const { dom } = await c.call("domainDefineXml", { xml: XML });
  await t.test("a definition, line by line", () => explainsDefinition(c));
  await t.test("from an argument back to its element", () => leadsBack(c));
  await c.call("domainCreateWithFlags", { dom, flags: 1 });
  await t.test("what only the running domain has", () => explainsRunning(c));
  await t.test("a running domain takes what it can at once", () => plansAndApplies(c));
  await t.test("another's change and another domain are refused", () => refuses(c));
  await commands(t, daemon);
  await t.test("an edited dump is a later change", () => followsEditor(c));
});
