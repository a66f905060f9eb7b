import assert from "node:assert/strict";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bench, type Bench } from "../test-bench.ts";

async function monitor(on: Bench, name: string, execute: string): Promise<string> {
  const command = JSON.stringify({ execute });
  return String(await on.do("monitorCommand", { domain: { name }, command }));
}

/** The processors that each thread may run on, by the thread's name. */
function affinities(pid: number): ReadonlyMap<string, string> {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return new Map(
    tasks.map((tid) => {
      const status = readFileSync(`/proc/${pid}/task/${tid}/status`, "utf8");
      const of = (key: string): string =>
        new RegExp(`^${key}:\\s*(.+)$`, "m").exec(status)?.[1] ?? "";
      return [`${of("Name")} ${tid}`, of("Cpus_allowed_list")] as const;
    }),
  );
}

const TUNED = `<vcpu current='2'>3</vcpu>
  <vcpus><vcpu id='0' enabled='yes' hotpluggable='no'/><vcpu id='1' enabled='no' hotpluggable='yes'/>
  <vcpu id='2' enabled='yes' hotpluggable='yes'/></vcpus><iothreads>1</iothreads>
  <cputune><vcpupin vcpu='2' cpuset='0'/><emulatorpin cpuset='0'/>
  <iothreadpin iothread='1' cpuset='0'/></cputune>`;

test("resources: a start puts threads in their places, plugs late vCPUs and limits disks", async (t) => {
  const on = await bench(t);
  const xml = on
    .xmlOf({ name: "tuned", xml: TUNED })
    .replace(
      "<target dev='vda'",
      "<iotune><total_iops_sec>50</total_iops_sec></iotune><target dev='vda'",
    );
  await on.do("define", { xml });
  await on.do("start", { domain: { name: "tuned" } });
  const cpus = await monitor(on, "tuned", "query-cpus-fast");
  assert.deepEqual(
    [...cpus.matchAll(/"cpu-index":(\d)/g)].map(([, index]) => index),
    ["0", "2"],
  );
  assert.match(await monitor(on, "tuned", "query-block"), /"iops":50,/);
  const threads = [...cpus.matchAll(/"thread-id":(\d+)/g)].map(([, tid]) => tid);
  const iothreads = await monitor(on, "tuned", "query-iothreads");
  const [, iothread] = /"thread-id":(\d+)/.exec(iothreads) ?? [];
  const pid = on.pidOf("tuned");
  for (const [name, allowed] of affinities(pid)) {
    const isFree = name.endsWith(` ${threads[0]}`);
    if (!isFree) assert.equal(allowed, "0", name);
  }
  assert.ok(iothread !== undefined);
  const vcpus = await on.do("vcpus", { domain: { name: "tuned" } });
  assert.ok(Array.isArray(vcpus));
  assert.equal(vcpus.length, 2);
});

const IOTUNE = (iops: number): string =>
  `<iotune><total_iops_sec>${iops}</total_iops_sec></iotune>`;

test("resources: limits come with a disk that is plugged in, and stay with a drive", async (t) => {
  const on = await bench(t);
  const domain = { name: "limited" };
  const cdrom = (source: string, tune = ""): string =>
    `<disk type='file' device='cdrom'>${source}<target dev='hda' bus='ide'/>${tune}</disk>`;
  const image = (name: string): string => {
    const path = join(on.paths.run, name);
    writeFileSync(path, Buffer.alloc(1024 * 1024));
    return `<source file='${path}'/>`;
  };
  await on.define({ name: "limited", devices: cdrom("", IOTUNE(70)) });
  await on.do("start", { domain });
  const limits = async (): Promise<readonly string[]> =>
    [...(await monitor(on, "limited", "query-block")).matchAll(/"iops":(\d+),/g)].map(
      ([, iops]) => iops ?? "",
    );
  assert.deepEqual(await limits(), ["0"]);
  const disk = `<disk type='file'>${image("more")}<target dev='vdb' bus='virtio'/>${IOTUNE(60)}</disk>`;
  await on.do("attachDevice", { domain, xml: disk, live: true });
  assert.deepEqual(await limits(), ["0", "60"]);
  await on.do("updateDevice", { domain, xml: cdrom(image("cd")), live: true });
  assert.deepEqual((await limits()).toSorted(), ["0", "60", "70"]);
  const shown = String(await on.do("xml", { domain }));
  assert.match(shown, /<total_iops_sec>70</);
  assert.match(shown, /<total_iops_sec>60</);
});

test("resources: a change of both that cannot be saved leaves nothing behind", async (t) => {
  const on = await bench(t);
  await on.define({ name: "whole" });
  await on.do("start", { domain: { name: "whole" } });
  const kept = on.paths.definitions;
  renameSync(kept, `${kept}.away`);
  writeFileSync(kept, "no directory");
  const input = { domain: { name: "whole" }, id: 4, live: true, config: true };
  await assert.rejects(on.do("addIothread", input));
  assert.match(await monitor(on, "whole", "query-iothreads"), /"return":\[\]/);
  for (const which of [{ live: true }, { config: true }])
    assert.deepEqual(await on.do("iothreads", { domain: { name: "whole" }, ...which }), []);
  renameSync(kept, join(on.paths.etc, "wrong"));
  renameSync(`${kept}.away`, kept);
  await on.do("addIothread", input);
  assert.match(await monitor(on, "whole", "query-iothreads"), /"id":"iothread4"/);
  await on.do("setIothread", { ...input, pollMaxNs: 1000, config: false });
  assert.match(await monitor(on, "whole", "query-iothreads"), /"poll-max-ns":1000/);
});

test("resources: what was changed is known to the next daemon", async (t) => {
  const on = await bench(t);
  await on.define({ name: "kept", xml: "<vcpu current='1'>2</vcpu>" });
  await on.do("start", { domain: { name: "kept" } });
  const live = { domain: { name: "kept" }, live: true };
  await on.do("setVcpus", { ...live, count: 2 });
  await on.do("addIothread", { ...live, id: 1 });
  await on.do("setBlockIoTune", { ...live, device: "vda", totalIopsSec: 70 });
  await on.driver.close();
  await on.start();
  assert.equal(await on.do("vcpuCount", live), 2);
  assert.deepEqual(await on.do("blockIoTune", { ...live, device: "vda" }), {
    totalIopsSec: 70,
    groupName: "/machine/peripheral/virtio-disk0/virtio-backend",
  });
  await on.do("removeIothread", { ...live, id: 1 });
  assert.match(await monitor(on, "kept", "query-iothreads"), /"return":\[\]/);
});

test("resources: counters of the host count while they are enabled, and through a restart of the daemon", async (t) => {
  const on = await bench(t);
  const enabled = "<perf><event name='page_faults' enabled='yes'/></perf>";
  await on.define({ name: "counted", xml: enabled });
  const domain = { name: "counted" };
  await on.do("start", { domain });
  const counted = async (): Promise<readonly string[]> => {
    const [told] = await on.do("stats", { domains: [domain], groups: ["perf"] });
    const values = Object.entries(told?.stats ?? {}).filter(([, { value }]) => Number(value) > 0);
    return values.map(([name]) => name);
  };
  assert.deepEqual(await counted(), ["perf.page_faults"]);
  const set = (name: "context_switches" | "cmt" | "page_faults", yes: boolean) =>
    on.do("setPerfEvents", { domain, live: true, events: [{ name, enabled: yes }] });
  await assert.rejects(set("cmt", true), /unable to enable host cpu perf event for cmt/);
  await set("context_switches", true);
  await set("page_faults", false);
  await on.do("suspend", { domain });
  await on.do("resume", { domain });
  assert.deepEqual(await counted(), ["perf.context_switches"]);
  await on.driver.close();
  await on.start();
  await on.do("xml", { domain });
  await counted();
  await on.do("suspend", { domain });
  await on.do("resume", { domain });
  assert.deepEqual(await counted(), ["perf.context_switches"]);
  await on.do("destroy", { domain });
  await on.do("start", { domain });
  assert.deepEqual(await counted(), ["perf.page_faults"]);
});
