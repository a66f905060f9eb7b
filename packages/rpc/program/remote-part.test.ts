import assert from "node:assert/strict";
import { test } from "node:test";
import { remote, type RemoteCallName } from "./remote.ts";
import { knownRemotePart, remotePart } from "./remote-part.ts";

const isCall = (name: string): name is RemoteCallName =>
  Object.entries(remote.procedures).some(([known, { kind }]) => known === name && kind === "call");

test("remote part: each call is found in its part, as it is in the whole", async () => {
  for (const name of Object.keys(remote.procedures).filter(isCall)) {
    const part = await remotePart(name);
    assert.equal(part.procedures[name], remote.procedures[name]);
    assert.equal(part.number, remote.number);
    assert.equal(knownRemotePart(name)?.procedures[name], remote.procedures[name]);
  }
});
