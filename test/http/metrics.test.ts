/** /metrics read by a parser that is not ours: Prometheus' own for OpenMetrics. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import { run } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";

/** Prints each sample as `NAME {LABELS} VALUE TYPE`, sorted labels. */
const PYTHON = "/usr/bin/python3"; // with Debian's packages
const READER = `
import sys, json
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        print(json.dumps({"family": family.name, "type": family.type, "help": family.documentation,
          "name": sample.name, "labels": sample.labels, "value": sample.value}))
`;

interface Sample {
  readonly family: string;
  readonly type: string;
  readonly help: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const vireod = new Vireod();
let client: HttpClient;
let metrics: () => Promise<string>;

before(async () => {
  await vireod.start();
  const url = await vireod.httpUrl();
  client = await connect(url);
  const { addressOf } = await import("@vireo/sdk/http/address");
  const { send } = await addressOf(url);
  metrics = async () => (await send("/metrics", {})).text();
});
after(() => vireod.cleanUp());

const missing = async (): Promise<string | false> => {
  const { status } = await run(PYTHON, ["-c", "import prometheus_client.openmetrics.parser"]);
  return status === 0 ? false : "python3-prometheus-client is not installed";
};

async function samplesOf(page: string): Promise<readonly Sample[]> {
  const { status, stdout, stderr } = await run(PYTHON, ["-c", READER], { input: page });
  assert.equal(status, 0, stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Sample);
}

const XML = (disk: string): string => `<domain type='qemu'><name>bu"sy\\one</name>
  <memory unit='MiB'>32</memory><os><type>hvm</type></os><devices>
  <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='${disk}'/><target dev='vda' bus='virtio'/></disk>
  <memballoon model='virtio'/></devices></domain>`;

test("metrics: Prometheus' parser reads every sample of domains and daemon", {
  skip: await missing(),
}, async () => {
  const disk = join(vireod.root, "disk.img");
  writeFileSync(disk, Buffer.alloc(1 << 20));
  await client.domain.create({ xml: XML(disk) });
  const samples = await samplesOf(await metrics());
  /** NaN when there is none. */
  const valueOf = (name: string, labels: object = {}): number =>
    samples.find(
      (one) =>
        one.name === name &&
        Object.entries(labels).every(([label, value]) => one.labels[label] === value),
    )?.value ?? Number.NaN;
  const domain = { domain: 'bu"sy\\one' };
  const vcpu = { ...domain, vcpu: "0" };
  const lane = { lane: "modify" };
  assert.equal(valueOf("vireo_domain_state", domain), 1);
  assert.equal(valueOf("vireo_domain_memory_bytes", domain), 32 << 20);
  assert.ok(valueOf("vireo_domain_memory_resident_bytes", domain) > 1 << 20);
  assert.ok(valueOf("vireo_domain_vcpu_seconds_total", vcpu) >= 0);
  assert.ok(valueOf("vireo_domain_vcpu_delay_seconds_total", vcpu) >= 0);
  for (const what of ["read_bytes", "written_bytes", "reads", "writes", "read_seconds", "flushes"])
    assert.ok(valueOf(`vireo_domain_block_${what}_total`, { ...domain, disk: "vda" }) >= 0, what);
  assert.equal(valueOf("vireo_daemon_operation_seconds_bucket", { ...lane, le: "+Inf" }), 1);
  assert.equal(valueOf("vireo_daemon_operation_seconds_count", lane), 1);
  assert.equal(valueOf("vireo_daemon_operations_running", lane), 0);
  for (const what of ["loop_delay_p99_seconds", "jobs_running", "event_readers"])
    assert.ok(valueOf(`vireo_daemon_${what}`) >= 0, what);
  for (const { family, type, help } of samples) {
    assert.match(family, /^vireo_(domain|daemon)_[a-z0-9_]+$/);
    assert.notEqual(help, "", family);
    assert.ok(["gauge", "counter", "histogram"].includes(type), `${family} is ${type}`);
  }
});

test("metrics: the parser would tell", { skip: await missing() }, async () => {
  const page = await metrics();
  for (const broken of [
    page.replace("# EOF\n", ""),
    page.replace("} ", "} x"),
    `${page}more 1\n`,
  ]) {
    const { status } = await run(PYTHON, ["-c", READER], { input: broken });
    assert.notEqual(status, 0);
  }
});
