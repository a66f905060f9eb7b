/** Nothing of what comes and goes stays with the daemon: descriptors, processes, files, memory. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "@vireo/sdk/libvirt/connect";
import { emptyXml } from "../harness/domain-xml.ts";
import { resident } from "../harness/resident.ts";
import { Vireod } from "../harness/vireod.ts";

/** The full measure is 200 (`VIREO_LEAK_CYCLES=200`). */
const CYCLES = Number(process.env["VIREO_LEAK_CYCLES"] ?? 40);
const READS = CYCLES * 25;
/** Code is compiled, pools are filled, capabilities are learnt. */
const WARM_UP = 10;
const GROWTH_BYTES = 48 * 1024 * 1024;

/** A connection may just be ending, at either look. */
const DESCRIPTORS_IN_MOTION = 3;

const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Everything below its root, but the cache and the logs. */
const filesOf = ({ root }: Vireod): readonly string[] =>
  ["etc", "lib", "run"].flatMap((place) =>
    readdirSync(join(root, place), { recursive: true, encoding: "utf8" }).map((name) =>
      join(place, name),
    ),
  );

test("leaks: domains, connections and questions come and go without a trace", async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  await using connection = await connect(vireod.uri);
  const { dom } = await connection.call("domainDefineXml", { xml: emptyXml("again") });

  const cycle = async (): Promise<void> => {
    await connection.call("domainCreate", { dom });
    await using other = await connect(vireod.uri);
    await other.call("connectGetAllDomainStats", { doms: [], stats: 0, flags: 0 });
    await other.call("domainDestroy", { dom });
  };
  const read = async (): Promise<void> => {
    await connection.call("domainGetXmlDesc", { dom, flags: 0 });
    await connection.call("connectListAllDomains", { need_results: 1, flags: 0 });
    await connection.call("domainGetInfo", { dom });
  };
  const look = () => ({ descriptors: descriptors(vireod.pid), files: filesOf(vireod) });

  for (let round = 0; round < WARM_UP; round++) await cycle();
  for (let round = 0; round < READS; round++) await read();
  const before = look();
  const memory = resident(vireod.pid).now;
  for (let round = 0; round < CYCLES; round++) await cycle();
  for (let round = 0; round < READS; round++) await read();
  const after = look();
  const growth = resident(vireod.pid).now - memory;
  t.diagnostic(
    `${CYCLES} runs, ${READS * 3} reads: ${before.descriptors} descriptors, then ${after.descriptors}; ${(growth / 2 ** 20).toFixed(1)} MiB more`,
  );
  assert.ok(after.descriptors <= before.descriptors + DESCRIPTORS_IN_MOTION);
  assert.deepEqual(after.files, before.files);
  assert.deepEqual(vireod.guestPids(), []);
  assert.ok(growth < GROWTH_BYTES, `${growth} bytes more`);
});
