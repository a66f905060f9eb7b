import { CommandError, type HandlersOf } from "../../answer.ts";
import type { domainTuneCommands } from "../../catalog/domain-tune.ts";
import type { Connection } from "../../connection.ts";
import { formatRanges, parseRanges, readBitmap, writeBitmap } from "../../cpu-map.ts";
import { Affect, affectFlags } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { formatTable } from "../../table.ts";

async function hostCpus(connection: Connection): Promise<number> {
  const wanted = { need_map: 0, need_online: 0, flags: 0 };
  return (await connection.call("nodeGetCpuMap", wanted)).ret;
}

/** Pinning without options is about the running domain. */
const pinFlags = (choice: { live: boolean; config: boolean; current: boolean }): number =>
  choice.live || choice.config || choice.current ? affectFlags(choice) : Affect.live;

/** The map a list of CPUs means; `r` and nothing mean every CPU. */
function cpuMap(list: string, cpus: number): Buffer {
  const map =
    list === "" || list === "r" ? Array<boolean>(cpus).fill(true) : parseRanges(list, cpus);
  if (map === undefined) throw new CommandError(`Invalid cpulist '${list}'`);
  return writeBitmap(map);
}

export const handlers: HandlersOf<typeof domainTuneCommands> = {
  async vcpupin({ domain, vcpu, cpulist, ...choice }, context) {
    const flags = affectFlags(choice);
    if (cpulist !== undefined && vcpu === undefined)
      throw new CommandError("vcpupin: Missing vCPU number in pin mode.");
    const connection = await context.connection();
    const cpus = await hostCpus(connection);
    const dom = await findDomain(connection, domain);
    if (cpulist !== undefined) {
      const cpumap = cpuMap(cpulist, cpus);
      const affect = pinFlags(choice);
      await connection.call("domainPinVcpuFlags", { dom, vcpu: vcpu ?? 0, cpumap, flags: affect });
      return { data: {}, text: "" };
    }
    const maplen = Math.ceil(cpus / 8);
    const { nrVirtCpu } = await connection.call("domainGetInfo", { dom });
    const pins = await connection.call("domainGetVcpuPinInfo", {
      dom,
      ncpumaps: nrVirtCpu,
      maplen,
      flags,
    });
    const rows = Array.from({ length: pins.num }, (_, number) => [
      String(number),
      formatRanges(readBitmap(pins.cpumaps.subarray(number * maplen, (number + 1) * maplen), cpus)),
    ]).filter((_, number) => vcpu === undefined || number === vcpu);
    if (vcpu !== undefined && rows.length === 0)
      throw new CommandError(
        `vcpu ${vcpu} is out of range of ${dom.id === -1 ? "persistent" : "live"} cpu count ${pins.num}`,
      );
    return {
      data: rows.map(([number, affinity]) => ({ vcpu: Number(number), affinity })),
      text: (view) => formatTable(["VCPU", "CPU Affinity"], rows, view),
    };
  },

  async emulatorpin({ domain, cpulist, ...choice }, context) {
    const flags = affectFlags(choice);
    const connection = await context.connection();
    const cpus = await hostCpus(connection);
    const dom = await findDomain(connection, domain);
    if (cpulist !== undefined) {
      const cpumap = cpuMap(cpulist, cpus);
      await connection.call("domainPinEmulator", { dom, cpumap, flags: pinFlags(choice) });
      return { data: {}, text: "" };
    }
    const maplen = Math.ceil(cpus / 8);
    const { cpumaps } = await connection.call("domainGetEmulatorPinInfo", { dom, maplen, flags });
    const affinity = formatRanges(readBitmap(cpumaps, cpus));
    const header = `emulator: CPU Affinity\n${"-".repeat(34)}\n`;
    return {
      data: { affinity },
      text: ({ quiet }) => `${quiet ? "" : header}       *: ${affinity}\n`,
    };
  },
};
