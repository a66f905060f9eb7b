/** Packet filters by the same virsh commands on the real libvirtd and on vireod: the same answers, errors included. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { transcript, type Files } from "./transcript.ts";

const UUID = "5c6d49af-b071-4127-b4ec-6f8ed4b55335";
const OTHER = "5c6d49af-b071-4127-b4ec-6f8ed4b55336";
const filter = (name: string, inner: string, attributes = ""): string =>
  `<filter name='${name}'${attributes}>${inner}</filter>`;
const uuid = (one: string): string => `<uuid>${one}</uuid>`;
const refTo = (name: string): string => `<filterref filter='${name}'/>`;
const rule = (inner: string, attributes = "action='drop' direction='out'"): string =>
  `<rule ${attributes}>${inner}</rule>`;

const FILES: Files = {
  one: filter("one", uuid(UUID) + rule("<ip srcipaddr='10.0.0.1'/>")),
  changed: filter("one", uuid(UUID) + refTo("allow-arp") + rule("<mac protocolid='arp'/>")),
  noUuid: filter("one", rule("<ip/>")),
  otherUuid: filter("one", uuid(OTHER)),
  otherName: filter("two", uuid(UUID)),
  two: filter("two", uuid(OTHER) + refTo("one")),
  loop: filter("one", uuid(UUID) + refTo("two")),
  self: filter("self", refTo("self")),
  noName: "<filter/>",
  badAction: filter("bad", rule("<ip/>", "action='burn' direction='out'")),
  noDirection: filter("bad", rule("<ip/>", "action='drop'")),
  badChain: filter("bad", "", " chain='nosuch'"),
  notFilter: "<network/>",
  noBinding: "<filterbinding/>",
};

const COMMANDS = [
  "nwfilter-list nosuch",
  "nwfilter-define @one",
  "nwfilter-define @one",
  "nwfilter-dumpxml one",
  `nwfilter-dumpxml ${UUID}`,
  "nwfilter-define @noUuid",
  "nwfilter-define @otherUuid",
  "nwfilter-define @otherName",
  "nwfilter-define @changed",
  "nwfilter-dumpxml one",
  "nwfilter-define @two",
  "nwfilter-define @loop",
  "nwfilter-define @self",
  "nwfilter-define @noName",
  "nwfilter-define @badAction",
  "nwfilter-define @noDirection",
  "nwfilter-define @badChain",
  "nwfilter-define @notFilter",
  "nwfilter-undefine one",
  "nwfilter-undefine two",
  "nwfilter-undefine nosuch",
  "nwfilter-dumpxml nosuch",
  `nwfilter-dumpxml ${UUID}`,
  "nwfilter-binding-list",
  "nwfilter-binding-dumpxml nosuch",
  "nwfilter-binding-delete nosuch",
  "nwfilter-binding-create @noBinding",
  "nwfilter-undefine clean-traffic",
  "nwfilter-define-as nosuch",
];

test("packet filters answer as libvirt's do", {
  skip: Libvirtd.missing() ?? false,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-filter-same-"));
  const [real, ours] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(async () => {
    await Promise.all([real.cleanUp(), ours.cleanUp()]);
    rmSync(directory, { recursive: true, force: true });
  });
  const [wanted, got] = await Promise.all(
    [real, ours].map(({ uri }) => transcript(uri, COMMANDS, { files: FILES, directory })),
  );
  assert.deepEqual(got, wanted);
});
