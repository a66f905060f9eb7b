import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { connect } from "@vireo/sdk/libvirt/connect";
import { isAlive } from "../harness/processes.ts";
import { Vireod } from "../harness/vireod.ts";
import { percentile, pidOf, startHerd, timed } from "./herd.ts";

const GUESTS = 20;
const ROUNDS = 200;
const OTHERS_P99_MS = 50;
const STOPPED_MS = 1000;
const DESTROY_MS = 2000;

function judge(t: TestContext, name: string, milliseconds: readonly number[]): void {
  const [median, p99] = [percentile(milliseconds, 0.5), percentile(milliseconds, 0.99)];
  t.diagnostic(`${name}: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  assert.ok(p99 < OTHERS_P99_MS, `${name}: p99 is ${p99.toFixed(1)} ms`);
}

test("SIGSTOP of one of 20 QEMUs: the others do not notice, it is answered for, it can be destroyed", async (t) => {
  const vireod = await Vireod.started();
  t.after(() => vireod.cleanUp());
  await using connection = await connect(vireod.uri);
  const [stuck, ...others] = await startHerd(connection, GUESTS);
  assert.ok(stuck);
  const pid = pidOf(vireod.guestPids(), stuck);
  process.kill(pid, "SIGSTOP");

  // Somebody else wants something of the stuck one all the while, which only QEMU could do.
  await using patient = await connect(vireod.uri);
  const enough = new AbortController();
  const nagging = (async () => {
    while (!enough.signal.aborted)
      await patient.call("domainSuspend", { dom: stuck }).catch(String);
  })();

  await t.test("list, dominfo and domstats of the others: p99 under 50 ms", async (round) => {
    const took = { list: [] as number[], dominfo: [] as number[], domstats: [] as number[] };
    for (let index = 0; index < ROUNDS; index++) {
      const dom = others[index % others.length];
      assert.ok(dom);
      took.list.push(
        await timed(() => connection.call("connectListAllDomains", { need_results: 1, flags: 0 })),
      );
      took.dominfo.push(await timed(() => connection.call("domainGetInfo", { dom })));
      took.domstats.push(
        await timed(() =>
          connection.call("connectGetAllDomainStats", { doms: [dom], stats: 0, flags: 0 }),
        ),
      );
    }
    for (const [name, milliseconds] of Object.entries(took)) judge(round, name, milliseconds);
    // The clock above also counts failures: here they have to be answers.
    await connection.call("connectGetAllDomainStats", { doms: others, stats: 0, flags: 0 });
  });

  await t.test("calls about the stopped one are answered within a second", async (calls) => {
    const dom = stuck;
    const asked = {
      dominfo: () => connection.call("domainGetInfo", { dom }),
      domstate: () => connection.call("domainGetState", { dom, flags: 0 }),
      dumpxml: () => connection.call("domainGetXmlDesc", { dom, flags: 0 }),
      domstats: () =>
        connection.call("connectGetAllDomainStats", { doms: [dom], stats: 0, flags: 0 }),
      "domstats of all": () =>
        connection.call("connectGetAllDomainStats", { doms: [], stats: 0, flags: 0 }),
      domcontrol: () => connection.call("domainGetControlInfo", { dom, flags: 0 }),
      suspend: () => connection.call("domainSuspend", { dom }),
    };
    for (const [name, ask] of Object.entries(asked)) {
      const milliseconds = await timed(ask);
      calls.diagnostic(`${name}: ${milliseconds.toFixed(0)} ms`);
      assert.ok(milliseconds < STOPPED_MS, `${name} took ${milliseconds.toFixed(0)} ms`);
    }
    await asked.dominfo();
    await asked.domstate();
    await asked.dumpxml();
  });

  await t.test("it can be destroyed within two seconds", async (destroy) => {
    const start = performance.now();
    await connection.call("domainDestroy", { dom: stuck });
    const milliseconds = performance.now() - start;
    destroy.diagnostic(`destroy: ${milliseconds.toFixed(0)} ms`);
    assert.ok(milliseconds < DESTROY_MS, `${milliseconds} ms`);
    assert.equal(isAlive(pid), false);
  });
  enough.abort();
  await nagging;
});
