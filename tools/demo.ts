/**
 * Shows the main job on this machine: vireod under a root of its own, a real Linux guest in real QEMU, libvirt's own
 * virsh as client. `npm run demo -- --keep` leaves it all running. tools/demo.sh has installed what is needed.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DomainEventType } from "@vireo/rpc/constant/domain-event";
import { connect } from "@vireo/sdk/libvirt/connect";
import { Client } from "./demo/client.ts";
import { watchConsole } from "./demo/console.ts";
import { note, step } from "./demo/show.ts";
import { buildGuest } from "../test/guest/build-guest.ts";
import { helloXml } from "../test/harness/domain-xml.ts";
import { Vireod } from "../test/harness/vireod.ts";

const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
const SHOWN_LOG_LINES = 20;
const start = performance.now();
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

async function main(vireod: Vireod): Promise<void> {
  step("Build the guest: Debian's kernel, busybox and an init script");
  note(buildGuest().directory);

  step("Start vireod under a root of its own");
  const ready = await vireod.start();
  const client = new Client(vireod.uri);
  note(`pid ${vireod.pid}, ready after ${ready.toFixed(0)} ms, everything is below ${vireod.root}`);

  step(`Define and start the domain of examples/hello.xml, with ${client.program}`);
  const xml = join(vireod.root, "hello.xml");
  writeFileSync(xml, helloXml());
  await client.show("define", xml);
  const started = performance.now();
  await client.show("start", "hello");

  step("Watch its console: this is the guest speaking");
  await watchConsole(client);
  note(`from start to greeting: ${seconds(started)}`);

  step("Ask what runs");
  await client.show("list");
  await client.show("dominfo", "hello");
  explain(vireod);
  if (values.keep) keep(vireod, client);
  else await powerOff(vireod, client);
}

function explain(vireod: Vireod): void {
  const [qemu] = vireod.guestPids();
  step("Where things are");
  const inside = (path: string): string => join(vireod.root, path);
  note(`definition   ${inside("etc/qemu/hello.xml")}   yours to read, back up, edit with 'virsh edit'
live status  ${inside("run/qemu/hello.xml")}   what vireod reads when it starts again
guest's log  ${inside("log/qemu/hello.log")}   QEMU's command line and last words
daemon's log ${vireod.logFile}
sockets      ${vireod.socket} (and -ro for everybody)
processes    vireod ${vireod.pid}, QEMU ${qemu ?? "none"}; kill -9 the first: the second does not mind`);
}

function keep(vireod: Vireod, client: Client): void {
  step("Leave it running");
  note(`Talk to it:   ${client.line} console hello    (leave with ^])
Look around:  ${client.line}
End it all:   ${client.line} destroy hello; kill ${vireod.pid}; rm -r ${vireod.root}`);
  vireod.release();
}

async function powerOff(vireod: Vireod, client: Client): Promise<void> {
  step("Press the power button and wait for the guest to end");
  await using connection = await connect(vireod.uri);
  const events = await connection.events("domain", "lifecycle");
  const pressed = performance.now();
  await client.show("shutdown", "hello");
  for await (const { event } of events) if (event === DomainEventType.stopped) break;
  await client.show("domstate", "hello", "--reason");
  note(`powered off after ${seconds(pressed)}`);
  await client.show("undefine", "hello");
}

/** A demo that waits for something that does not come must end and say so. */
const DEADLINE_MS = 60_000;
const deadline = setTimeout(() => {
  void end(new Error(`The demo took longer than ${DEADLINE_MS / 1000} s`));
}, DEADLINE_MS);

async function end(error?: unknown): Promise<never> {
  clearTimeout(deadline);
  if (error === undefined) note(`\nDone in ${seconds(start)}.`);
  else {
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    console.error(vireod.log.slice(-SHOWN_LOG_LINES).join("\n"));
  }
  if (error !== undefined || !values.keep) await vireod.cleanUp();
  process.exit(error === undefined ? 0 : 1);
}

const vireod = new Vireod(mkdtempSync(join(tmpdir(), "vireo-demo-")));
process.on("SIGINT", () => void end(new Error("Interrupted")));
try {
  await main(vireod);
} catch (error) {
  await end(error);
}
await end();
