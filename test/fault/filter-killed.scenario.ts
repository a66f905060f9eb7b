/**
 * vireod dies in the middle of work on packet filters: after its next start each is as before the work or as after it,
 * and what is in force is what is said to be. VIREO_FAULT_POINTS=99 takes every point instead of some.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";
import { emptyXml } from "../harness/domain-xml.ts";
import { run } from "../harness/run.ts";
import { virsh, virshOk } from "../harness/virsh.ts";
import { Fuse, spread } from "./fuse.ts";

refuseHostNetwork();

const SAMPLE = Number(process.env["VIREO_FAULT_POINTS"] ?? 2);
const UUID = "11111111-2222-3333-4444-555555555551";
const OTHER = "11111111-2222-3333-4444-555555555552";
const MAC = "52:54:00:00:00:51";

const filter = (name: string, uuid: string, address: string): string =>
  `<filter name='${name}'><uuid>${uuid}</uuid><rule action='drop' direction='out'><ip srcipaddr='${address}'/></rule></filter>`;
const card = (name: string): string =>
  `<interface type='bridge'><mac address='${MAC}'/><source bridge='br0'/><target dev='filt0'/><model type='virtio'/><filterref filter='${name}'/></interface>`;

const FILES: Readonly<Record<string, string>> = {
  "one.xml": filter("one", UUID, "10.0.0.1"),
  "again.xml": filter("one", UUID, "10.0.0.2"),
  "two.xml": filter("two", OTHER, "10.0.0.3"),
  "guest.xml": emptyXml("guest").replace("<serial", `${card("one")}<serial`),
  "card.xml": card("two"),
  "binding.xml": `<filterbinding><owner><name>me</name><uuid>${UUID}</uuid></owner><portdev name='port0'/><mac address='${MAC}'/><filterref filter='two'/></filterbinding>`,
};

/** Before each, filters `one` and `two` are defined, and `guest` too. */
const WORKS: readonly { readonly before?: readonly string[]; readonly work: string }[] = [
  { before: ["nwfilter-undefine two"], work: "nwfilter-define DIR/two.xml" },
  { work: "nwfilter-undefine two" },
  { before: ["start guest --paused"], work: "nwfilter-define DIR/again.xml" },
  { before: ["start guest --paused"], work: "update-device guest DIR/card.xml --live" },
  { work: "start guest --paused" },
  { before: ["start guest --paused"], work: "destroy guest" },
  { work: "nwfilter-binding-create DIR/binding.xml" },
  { before: ["nwfilter-binding-create DIR/binding.xml"], work: "nwfilter-binding-delete port0" },
];

class Stage {
  readonly directory = mkdtempSync(join(tmpdir(), "vireo-filter-crash-"));
  readonly fuse = new Fuse(this.directory, ["--firewall-backend", "nftables"]);

  async ask(line: string): Promise<string> {
    return virshOk(this.fuse.vireod.uri, ...line.replaceAll("DIR", this.directory).split(" "));
  }

  async begin(): Promise<void> {
    for (const [name, text] of Object.entries(FILES))
      writeFileSync(join(this.directory, name), text);
    await run("ip", "link add br0 type bridge".split(" "));
    await run("ip", "link add port0 type veth peer name port1".split(" "));
    await this.fuse.vireod.start();
  }

  /** What there is before each work, and nothing else. */
  async prepare(before: readonly string[] = []): Promise<void> {
    const { uri } = this.fuse.vireod;
    for (const line of ["destroy guest", "undefine guest", "nwfilter-binding-delete port0"])
      await virsh(uri, line.split(" "));
    for (const line of ["nwfilter-define DIR/one.xml", "nwfilter-define DIR/two.xml"])
      await this.ask(line);
    for (const line of ["define DIR/guest.xml", ...before]) await this.ask(line);
  }

  /** Definitions, bindings, the guest's own word, and the addresses that the kernel is told of each device. */
  async picture(): Promise<readonly string[]> {
    const { uri } = this.fuse.vireod;
    const lines: string[] = [];
    for (const name of ["one", "two"])
      lines.push((await virsh(uri, ["nwfilter-dumpxml", name])).stdout);
    lines.push((await virsh(uri, ["nwfilter-binding-list"])).stdout.replaceAll(/ +/g, " "));
    const state = (await this.ask("domstate guest")).trim();
    lines.push(state === "shut off" ? state : "runs");
    lines.push((await virsh(uri, "dumpxml guest --xpath //filterref".split(" "))).stdout);
    const { stdout } = await run("nft", ["list", "table", "bridge", "vireo_nwfilter"]);
    const dropping = stdout.matchAll(/chain out\/(\w+) \{\n(?:\t\tip saddr (\S+) )?/g);
    for (const [, dev, address = "nothing"] of dropping) lines.push(`${dev} drops ${address}`);
    return lines;
  }

  async cleanUp(): Promise<void> {
    await virsh(this.fuse.vireod.uri, ["destroy", "guest"]).catch(() => undefined);
    await this.fuse.vireod.cleanUp();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

test("kill -9 in the middle of work on filters: all is as before it or as after it", async (t) => {
  const stage = new Stage();
  t.after(() => stage.cleanUp());
  await stage.begin();
  let passed = 0;
  for (const { before, work } of WORKS) {
    await stage.prepare(before);
    const earlier = await stage.picture();
    const all = await stage.fuse.record(() => stage.ask(work));
    const later = await stage.picture();
    assert.ok(all.length > 0 && !same(earlier, later), `${work} does nothing`);
    for (const point of spread(all, SAMPLE)) {
      await stage.prepare(before);
      const died = await stage.fuse.dieAt(point, () => stage.ask(work));
      if (died) await stage.fuse.vireod.start();
      const now = await stage.picture();
      if (!same(now, earlier)) assert.deepEqual(now, later, `${work}: died at ${point.at}`);
      passed += 1;
    }
  }
  t.diagnostic(`figure: ${passed} points of ${WORKS.length} works`);
});
