import assert from "node:assert/strict";
import { test } from "node:test";
import { domainState } from "@vireo/model/state-reason";
import { endOfFound } from "./run-status.ts";

const found = (status: string, saved = false, known = domainState("shutoff", "unknown")) =>
  endOfFound({ status }, { known, saved });

test("a QEMU that was left while it was started, or waits for memory that nobody sends, must end", () => {
  assert.equal(found("prelaunch"), "failed");
  assert.equal(found("inmigrate"), "failed");
  assert.equal(found("inmigrate", true), "saved");
  assert.equal(found("running", true), undefined);
  assert.equal(found("paused"), undefined);
  assert.equal(found("prelaunch", false, domainState("paused", "user")), undefined);
});
