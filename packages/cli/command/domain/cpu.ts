import type { DomainReference } from "@vireo/sdk/libvirt/procedure";
import type { HandlersOf } from "../../answer.ts";
import { line } from "../../answer.ts";
import type { domainTuneCommands } from "../../catalog/domain-tune.ts";
import type { Connection } from "../../connection.ts";
import { formatRanges, readBitmap } from "../../cpu-map.ts";
import { bits, exclusive } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";

/** virDomainVcpuFlags. */
const VcpuFlag = { live: 1, config: 2, maximum: 4, guest: 8 } as const;
/** virVcpuState. */
const vcpuStates = ["offline", "running", "blocked"];

/** Every number there is: of the definition if the domain has one, of the running domain if it runs. */
async function allCounts(
  connection: Connection,
  dom: DomainReference,
): Promise<readonly (readonly [string, string, number])[]> {
  const persistent = (await connection.call("domainIsPersistent", { dom })).persistent !== 0;
  const active = (await connection.call("domainIsActive", { dom })).active !== 0;
  const rows: (readonly [string, string, number])[] = [];
  for (const [word, maximum] of [
    ["maximum", VcpuFlag.maximum],
    ["current", 0],
  ] as const) {
    for (const [place, flag, known] of [
      ["config", VcpuFlag.config, persistent],
      ["live", VcpuFlag.live, active],
    ] as const) {
      if (!known) continue;
      const { num } = await connection.call("domainGetVcpusFlags", { dom, flags: maximum | flag });
      rows.push([word, place, num]);
    }
  }
  return rows;
}

interface Vcpu {
  readonly number: number;
  readonly cpu: number | null;
  readonly state: string | null;
  readonly timeNs: bigint | null;
  readonly affinity: readonly boolean[];
}

async function hostCpus(connection: Connection): Promise<number> {
  const { ret } = await connection.call("nodeGetCpuMap", {
    need_map: 0,
    need_online: 0,
    flags: 0,
  });
  return ret;
}

async function readVcpus(connection: Connection, dom: DomainReference): Promise<readonly Vcpu[]> {
  const cpus = await hostCpus(connection);
  const maplen = Math.ceil(cpus / 8);
  const { nrVirtCpu } = await connection.call("domainGetInfo", { dom });
  if (dom.id !== -1) {
    const found = await connection.call("domainGetVcpus", { dom, maxinfo: nrVirtCpu, maplen });
    return found.info.map(({ number, cpu, state, cpu_time: timeNs }, index) => ({
      number,
      cpu,
      state: vcpuStates[state] ?? "no state",
      timeNs,
      affinity: readBitmap(found.cpumaps.subarray(index * maplen, (index + 1) * maplen), cpus),
    }));
  }
  const pins = await connection.call("domainGetVcpuPinInfo", {
    dom,
    ncpumaps: nrVirtCpu,
    maplen,
    flags: VcpuFlag.config,
  });
  return Array.from({ length: pins.num }, (_, number) => ({
    number,
    cpu: null,
    state: null,
    timeNs: null,
    affinity: readBitmap(pins.cpumaps.subarray(number * maplen, (number + 1) * maplen), cpus),
  }));
}

/** The processor a CPU runs on; -1 is none, -2 not known. */
const formatPlace = (cpu: number | null): string =>
  cpu === null || cpu < -1 ? "N/A" : cpu === -1 ? "offline" : String(cpu);

function formatTime(timeNs: bigint | null): string {
  if (timeNs === null) return "CPU time        N/A\n";
  if (timeNs === 0n) return "";
  return `CPU time:       ${(Number(timeNs) / 1e9).toFixed(1)}s\n`;
}

function formatVcpu({ number, cpu, state, timeNs, affinity }: Vcpu, pretty: boolean): string {
  const map = pretty
    ? `${formatRanges(affinity)} (out of ${affinity.length})`
    : affinity.map((may) => (may ? "y" : "-")).join("");
  return `VCPU:           ${number}
CPU:            ${formatPlace(cpu)}
State:          ${state ?? "N/A"}
${formatTime(timeNs)}CPU Affinity:   ${map}
`;
}

export const handlers: HandlersOf<typeof domainTuneCommands> = {
  async vcpucount({ domain, maximum, active, live, config, current, guest }, context) {
    exclusive({ live, config }, "live", "config");
    exclusive({ current, live }, "current", "live");
    exclusive({ current, config }, "current", "config");
    exclusive({ active, maximum }, "active", "maximum");
    exclusive({ guest, config }, "guest", "config");
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    if (![maximum, active, live, config, current, guest].includes(true)) {
      const rows = await allCounts(connection, dom);
      return {
        data: rows.map(([word, place, count]) => ({ kind: word, of: place, count })),
        text: rows
          .map(
            ([word, place, count]) =>
              `${word.padEnd(12)} ${place.padEnd(12)} ${String(count).padStart(3)}\n`,
          )
          .join(""),
      };
    }
    const flags = bits(
      [live, VcpuFlag.live],
      [config, VcpuFlag.config],
      [maximum, VcpuFlag.maximum],
      [guest, VcpuFlag.guest],
    );
    const { num } = await connection.call("domainGetVcpusFlags", { dom, flags });
    return line(num, { count: num });
  },

  async vcpuinfo({ domain, pretty }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const vcpus = await readVcpus(connection, dom);
    return { data: vcpus, text: vcpus.map((vcpu) => formatVcpu(vcpu, pretty)).join("\n") };
  },
};
