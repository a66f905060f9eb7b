/** Runs a scenario in a network namespace of its own, where it may make bridges and networks. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { noOwnNetwork, runScenario } from "@vireo/daemon/driver/own-network";

const LIMIT_MS = 90_000;
/** For what a scenario that was ended has said. */
const REPORT_MS = 10_000;

/** `file` is a scenario of this directory: a test that makes what it likes. */
export const testInOwnNetwork = (
  name: string,
  file: string,
  limitMs = LIMIT_MS,
  args: readonly string[] = [],
): void =>
  void test(name, { skip: noOwnNetwork(), timeout: limitMs + REPORT_MS }, (t) => {
    const { status, stdout, words } = runScenario(join(import.meta.dirname, file), limitMs, {
      args,
    });
    for (const [, figure = ""] of stdout.matchAll(/^[#ℹ] (figure: .*)$/gm)) t.diagnostic(figure);
    assert.equal(status, 0, words);
  });
