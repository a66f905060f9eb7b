/** Our client against vireod: the same checks that the real libvirtd passes. */
import { test } from "node:test";
import { Vireod } from "../harness/vireod.ts";
import { checkWireErrors } from "./wire-errors.ts";
import { checkWireSession } from "./wire-session.ts";

test("wire: our client and vireod", async (t) => {
  const daemon = await Vireod.started();
  t.after(() => daemon.cleanUp());
  await checkWireSession(t, `test+unix:///default?socket=${daemon.socket}`);
  await t.test("protocol errors", () => checkWireErrors(daemon.socket));
});
