/** `/metrics` in the OpenMetrics text format: what domains use, and how the daemon itself does. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { BOUNDS_S, type LaneFigures } from "../../api/meter.ts";
import type { Connection } from "../../api/connection.ts";

const loop = monitorEventLoopDelay({ resolution: 20 });
loop.enable();

interface Sample {
  /** What is added to the family's name. */
  readonly suffix?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
interface Family {
  readonly type: "gauge" | "counter" | "histogram";
  readonly help: string;
  readonly unit?: string;
  readonly samples: Sample[];
}
type Labels = Sample["labels"];

const escaped = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const labelText = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
};

/** A statistic of `domain.stats` and the metric it becomes; `#` in a name stands for a number. */
interface Rule {
  readonly stat: RegExp;
  readonly metric: string;
  readonly type: Family["type"];
  readonly help: string;
  /** What one unit of the statistic is, in the metric's unit. */
  readonly scale?: number;
  /** Name of the label that the number gets, and the statistic that names it better. */
  readonly label?: readonly [name: string, from?: string];
}

const NS = 1e-9;
const KIB = 1024;
const counter = { type: "counter" } as const;
const gauge = { type: "gauge" } as const;

// biome-ignore format: a row each reads as the table that it is
const RULES: readonly Rule[] = [
  { stat: /^state\.state$/, metric: "vireo_domain_state", ...gauge, help: "libvirt's number of the state: 1 runs, 3 is paused, 5 is shut off" },
  { stat: /^cpu\.time$/, metric: "vireo_domain_cpu_seconds", ...counter, help: "CPU time of the domain's process", scale: NS },
  { stat: /^vcpu\.(\d+)\.time$/, metric: "vireo_domain_vcpu_seconds", ...counter, help: "CPU time of a vCPU", scale: NS, label: ["vcpu"] },
  { stat: /^vcpu\.(\d+)\.delay$/, metric: "vireo_domain_vcpu_delay_seconds", ...counter, help: "Time that a vCPU waited for a processor: what its guest sees as steal", scale: NS, label: ["vcpu"] },
  { stat: /^vcpu\.(\d+)\.wait$/, metric: "vireo_domain_vcpu_wait_seconds", ...counter, help: "Time that a vCPU waited for input and output", scale: NS, label: ["vcpu"] },
  { stat: /^vcpu\.current$/, metric: "vireo_domain_vcpus", ...gauge, help: "vCPUs online" },
  { stat: /^balloon\.current$/, metric: "vireo_domain_memory_bytes", ...gauge, help: "Memory that the guest has", scale: KIB },
  { stat: /^balloon\.maximum$/, metric: "vireo_domain_memory_max_bytes", ...gauge, help: "Memory that the guest may have", scale: KIB },
  { stat: /^balloon\.rss$/, metric: "vireo_domain_memory_resident_bytes", ...gauge, help: "Memory of the domain's process on the host", scale: KIB },
  { stat: /^balloon\.unused$/, metric: "vireo_domain_memory_unused_bytes", ...gauge, help: "Memory that the guest does not use", scale: KIB },
  { stat: /^block\.(\d+)\.rd\.bytes$/, metric: "vireo_domain_block_read_bytes", ...counter, help: "Bytes read from a disk", label: ["disk", "block.#.name"] },
  { stat: /^block\.(\d+)\.wr\.bytes$/, metric: "vireo_domain_block_written_bytes", ...counter, help: "Bytes written to a disk", label: ["disk", "block.#.name"] },
  { stat: /^block\.(\d+)\.rd\.reqs$/, metric: "vireo_domain_block_reads", ...counter, help: "Requests to read", label: ["disk", "block.#.name"] },
  { stat: /^block\.(\d+)\.wr\.reqs$/, metric: "vireo_domain_block_writes", ...counter, help: "Requests to write", label: ["disk", "block.#.name"] },
  { stat: /^block\.(\d+)\.rd\.times$/, metric: "vireo_domain_block_read_seconds", ...counter, help: "Time spent on reading", scale: NS, label: ["disk", "block.#.name"] },
  { stat: /^block\.(\d+)\.wr\.times$/, metric: "vireo_domain_block_write_seconds", ...counter, help: "Time spent on writing", scale: NS, label: ["disk", "block.#.name"] },
  { stat: /^block\.(\d+)\.fl\.reqs$/, metric: "vireo_domain_block_flushes", ...counter, help: "Requests to flush", label: ["disk", "block.#.name"] },
  { stat: /^block\.(\d+)\.fl\.times$/, metric: "vireo_domain_block_flush_seconds", ...counter, help: "Time spent on flushing", scale: NS, label: ["disk", "block.#.name"] },
  { stat: /^net\.(\d+)\.rx\.bytes$/, metric: "vireo_domain_net_received_bytes", ...counter, help: "Bytes that the guest received", label: ["nic", "net.#.name"] },
  { stat: /^net\.(\d+)\.tx\.bytes$/, metric: "vireo_domain_net_sent_bytes", ...counter, help: "Bytes that the guest sent", label: ["nic", "net.#.name"] },
  { stat: /^net\.(\d+)\.rx\.drop$/, metric: "vireo_domain_net_received_dropped", ...counter, help: "Packets to the guest that were dropped", label: ["nic", "net.#.name"] },
  { stat: /^net\.(\d+)\.tx\.drop$/, metric: "vireo_domain_net_sent_dropped", ...counter, help: "Packets of the guest that were dropped", label: ["nic", "net.#.name"] },
];

class Page {
  readonly #families = new Map<string, Family>();

  add(metric: string, about: Omit<Family, "samples">, sample: Sample): void {
    const family = this.#families.get(metric) ?? { ...about, samples: [] };
    family.samples.push(sample);
    this.#families.set(metric, family);
  }

  text(): string {
    const lines = [...this.#families].flatMap(([metric, { type, help, samples }]) => [
      `# HELP ${metric} ${help}`,
      `# TYPE ${metric} ${type}`,
      ...samples.map(
        ({ labels, value, suffix = type === "counter" ? "_total" : "" }) =>
          `${metric}${suffix}${labelText(labels)} ${value}`,
      ),
    ]);
    return `${lines.join("\n")}\n# EOF\n`;
  }
}

type Stats = Readonly<Record<string, { readonly value: number | string | boolean }>>;

function labelled(rule: Rule, stats: Stats, number: string | undefined): Labels {
  if (rule.label === undefined || number === undefined) return {};
  const [name, from] = rule.label;
  const better = from === undefined ? undefined : stats[from.replace("#", number)];
  return { [name]: String(better?.value ?? number) };
}

function addDomain(page: Page, domain: string, stats: Stats): void {
  for (const [stat, { value }] of Object.entries(stats))
    for (const rule of RULES) {
      const match = rule.stat.exec(stat);
      if (match === null || typeof value !== "number") continue;
      const { metric, type, help, scale = 1 } = rule;
      const labels = { domain, ...labelled(rule, stats, match[1]) };
      page.add(metric, { type, help }, { labels, value: value * scale });
    }
}

/** What the daemon has in hand. */
export interface DaemonFigures {
  readonly lanes: Readonly<Record<string, LaneFigures>>;
  readonly jobsRunning: number;
  readonly eventReaders: number;
}

const OPERATION = "vireo_daemon_operation_seconds";

function addLane(page: Page, lane: string, figures: LaneFigures): void {
  const { running, count, failed, seconds, within } = figures;
  const labels = { lane };
  page.add(
    "vireo_daemon_operations_running",
    { type: "gauge", help: "Operations under way, those that wait for their turn included" },
    { labels, value: running },
  );
  page.add(
    "vireo_daemon_operations_failed",
    { type: "counter", help: "Operations that were refused or failed" },
    { labels, value: failed },
  );
  const about = { type: "histogram", help: "How long operations take" } as const;
  const add = (suffix: string, value: number, more: Labels = {}): void =>
    page.add(OPERATION, about, { suffix, labels: { ...labels, ...more }, value });
  for (const [i, bound] of BOUNDS_S.entries())
    add("_bucket", within[i] ?? 0, {
      le: bound.toFixed(3).replace(/0+$/, "").replace(/\.$/, ".0"),
    });
  add("_bucket", count, { le: "+Inf" });
  add("_sum", seconds);
  add("_count", count);
}

function addDaemon(page: Page, { lanes, jobsRunning, eventReaders }: DaemonFigures): void {
  for (const [lane, figures] of Object.entries(lanes)) addLane(page, lane, figures);
  const { rss, heapUsed } = process.memoryUsage();
  const own: readonly (readonly [string, string, number])[] = [
    ["vireo_daemon_resident_bytes", "Memory of the daemon", rss],
    ["vireo_daemon_heap_bytes", "Heap of the daemon in use", heapUsed],
    ["vireo_daemon_loop_delay_p99_seconds", "Delay of the event loop", loop.percentile(99) * NS],
    ["vireo_daemon_loop_delay_max_seconds", "Longest since the last scrape", loop.max * NS],
    ["vireo_daemon_jobs_running", "Jobs begun by HTTP that have not ended", jobsRunning],
    ["vireo_daemon_event_readers", "Readers of events by HTTP", eventReaders],
    ["vireo_daemon_uptime_seconds", "Since the daemon began", process.uptime()],
  ];
  for (const [metric, help, value] of own)
    page.add(metric, { type: "gauge", help }, { labels: {}, value });
  loop.reset();
}

/** The whole page. @throws VireoError */
export async function metricsPage(connection: Connection, figures: DaemonFigures): Promise<string> {
  const page = new Page();
  addDaemon(page, figures);
  const domains = await connection.call("domain", "stats", { input: { groups: [] } });
  for (const { domain, stats } of domains) addDomain(page, domain.name, stats);
  return page.text();
}
