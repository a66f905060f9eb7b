/**
 * vireod dies in the middle of a change of host interfaces: files are whole, and there is no half bridge.
 * VIREO_CRASH_POINTS=all takes every point instead of some.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  KEEPER_NAMES,
  noPrivateHost,
  runOnPrivateHost,
} from "../../packages/daemon/driver/interface/private-host.ts";

for (const keeper of KEEPER_NAMES)
  test(`${keeper}: kill -9 in the middle of a change of interfaces`, {
    skip: noPrivateHost(keeper),
  }, (t) => {
    const scenario = join(import.meta.dirname, "interface-killed.scenario.ts");
    const { status, words } = runOnPrivateHost(keeper, scenario);
    assert.equal(status, 0, words);
    for (const [line] of words.matchAll(/^.* points$/gm)) t.diagnostic(line);
  });
