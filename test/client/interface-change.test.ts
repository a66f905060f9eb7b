/** The real virsh and our vireo change interfaces of a host, by each of those who set interfaces up. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  KEEPER_NAMES,
  noPrivateHost,
  runOnPrivateHost,
} from "../../packages/daemon/driver/interface/private-host.ts";

for (const keeper of KEEPER_NAMES)
  test(`${keeper}: virsh puts an interface under a bridge and takes it out, vireo takes it back by itself`, {
    skip: noPrivateHost(keeper),
  }, () => {
    const scenario = join(import.meta.dirname, "interface-change.scenario.ts");
    const { status, words } = runOnPrivateHost(keeper, scenario);
    assert.equal(status, 0, words);
  });
