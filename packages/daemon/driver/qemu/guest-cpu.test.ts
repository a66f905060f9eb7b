/** The CPU that another host is told is the one that was asked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bench } from "./test-bench.ts";

const cpuIn = (xml: string): string => /<cpu[^]*?<\/cpu>/.exec(xml)?.[0] ?? "";

test("guest CPU: migratable XML has it as asked for, also after the daemon began anew", {
  timeout: 60_000,
}, async (t) => {
  const b = await bench(t);
  const xml = "<cpu mode='custom' match='exact' check='none'><model>qemu64</model></cpu>";
  const domain = await b.define({ name: "cpu", xml });
  await b.do("start", { domain });
  const migratable = async (): Promise<string> =>
    cpuIn(await b.do("xml", { domain, migratable: true }));
  const asked = await migratable();
  const made = cpuIn(await b.do("xml", { domain }));
  assert.match(made, /<feature policy=/);
  assert.match(asked, /<model fallback='forbid'>qemu64<\/model>\n {2}<\/cpu>/);
  await b.driver.close();
  await b.start();
  assert.equal(await migratable(), asked);
  assert.equal(cpuIn(await b.do("xml", { domain })), made);
});
