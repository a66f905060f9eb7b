/** 200 definitions of the corpus, defined in a real libvirtd and in vireod, print the same. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "@vireo/sdk/libvirt/connect";
import { judge, readLedger } from "../conformance/ledger.ts";
import type { ConformanceResult } from "../conformance/result.ts";
import { Libvirtd } from "../harness/libvirtd.ts";
import { Vireod } from "../harness/vireod.ts";
import { compareDefinition, shuffledCases } from "./define-differential.ts";
import { CORPUS } from "../harness/corpus.ts";

const COUNT = 200;
const SEED = 9;

const missing =
  Libvirtd.missing() ??
  (existsSync(join(CORPUS, "xml2xml")) ? undefined : `there is no corpus at ${CORPUS}`);

test(`define: ${COUNT} definitions are to vireod what they are to libvirtd`, {
  skip: missing ?? false,
  timeout: 120_000,
}, async (t) => {
  const [theirs, ours] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  t.after(() => Promise.all([theirs.cleanUp(), ours.cleanUp()]));
  await using libvirtd = await connect(theirs.uri);
  await using vireod = await connect(ours.uri);
  const daemons = { libvirtd, vireod, vireodLib: join(ours.root, "lib") };
  const results: ConformanceResult[] = [];
  for (const one of shuffledCases(CORPUS, SEED)) {
    if (results.length === COUNT) break;
    const result = await compareDefinition(daemons, one);
    if (result !== undefined) results.push(result);
  }
  const verdicts = judge(results, readLedger());
  const count = (verdict: string): number =>
    verdicts.filter((one) => one.verdict === verdict).length;
  t.diagnostic(`${results.length} compared: ${count("passed")} same, ${count("known")} known`);
  const bad = verdicts.filter(
    ({ verdict }) => verdict === "failed" || verdict === "listed but passes",
  );
  assert.deepEqual(
    bad.map(({ id, verdict, detail }) => `${id} ${verdict}: ${detail}`),
    [],
  );
  assert.ok(results.length > 0);
});
