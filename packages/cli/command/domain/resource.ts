import { attempt, CommandError, comfort, type HandlersOf } from "../../answer.ts";
import type { domainTuneCommands } from "../../catalog/domain-tune.ts";
import { formatRanges, readBitmap } from "../../cpu-map.ts";
import { affectFlags, bits, exclusive } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { formatTable } from "../../table.ts";

/** virDomainVcpuFlags besides those of Affect. */
const VcpuFlag = { maximum: 4, guest: 8, hotpluggable: 16 } as const;
/** virDomainMemoryModFlags. */
const maximumMemory = 4;

/** Limits from here on mean none (VIR_DOMAIN_MEMORY_PARAM_UNLIMITED). */
const unlimitedKiB = 9_007_199_254_740_991n;

interface Choice {
  readonly live: boolean;
  readonly config: boolean;
  readonly current: boolean;
}

/** Without any of the options libvirt's oldest procedures are meant. */
const chosen = ({ live, config, current }: Choice): boolean => live || config || current;

export const handlers: HandlersOf<typeof domainTuneCommands> = {
  async setvcpus({ domain, count, maximum, guest, hotpluggable, ...choice }, context) {
    const flags =
      affectFlags(choice) |
      bits(
        [maximum, VcpuFlag.maximum],
        [guest, VcpuFlag.guest],
        [hotpluggable, VcpuFlag.hotpluggable],
      );
    if (count === 0) throw new CommandError("Can't set 0 processors for a VM");
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    if (flags === 0 && !choice.current)
      await connection.call("domainSetVcpus", { dom, nvcpus: count });
    else await connection.call("domainSetVcpusFlags", { dom, nvcpus: count, flags });
    return { data: { count }, text: "" };
  },

  async setmem({ domain, size, ...choice }, context) {
    const flags = affectFlags(choice);
    const memory = size / 1024n;
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    if (chosen(choice)) await connection.call("domainSetMemoryFlags", { dom, memory, flags });
    else await connection.call("domainSetMemory", { dom, memory });
    return { data: { memoryKiB: memory }, text: "" };
  },

  async setmaxmem({ domain, size, ...choice }, context) {
    const flags = affectFlags(choice) | maximumMemory;
    const memory = size / 1024n;
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await attempt(
      "Unable to change MaxMemorySize",
      chosen(choice)
        ? connection.call("domainSetMemoryFlags", { dom, memory, flags })
        : connection.call("domainSetMaxMemory", { dom, memory }),
    );
    return { data: { maxMemoryKiB: memory }, text: "" };
  },

  async setvcpu({ domain, vcpulist, enable, disable, ...choice }, context) {
    exclusive({ enable, disable }, "enable", "disable");
    if (!enable && !disable) throw new CommandError("one of --enable, --disable is required");
    const flags = affectFlags(choice);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const state = enable ? 1 : 0;
    await connection.call("domainSetVcpu", { dom, cpumap: vcpulist, state, flags });
    return { data: { vcpulist, enabled: enable }, text: "" };
  },

  async iothreadinfo({ domain, ...choice }, context) {
    const flags = affectFlags(choice);
    const connection = await context.connection();
    const { ret: cpus } = await connection.call("nodeGetCpuMap", {
      need_map: 0,
      need_online: 0,
      flags: 0,
    });
    const dom = await findDomain(connection, domain);
    const { info } = await attempt(
      "Unable to get domain IOThreads information",
      connection.call("domainGetIothreadInfo", { dom, flags }),
    );
    const rows = info.map(({ iothread_id: id, cpumap }) => [
      String(id),
      formatRanges(readBitmap(cpumap, cpus)),
    ]);
    return {
      data: rows.map(([id, affinity]) => ({ id: Number(id), affinity })),
      text:
        rows.length === 0
          ? comfort("No IOThreads found for the domain")
          : (view) => formatTable(["IOThread ID", "CPU Affinity"], rows, view),
    };
  },

  async iothreadadd({ domain, id, ...choice }, context) {
    const flags = affectFlags(choice);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await connection.call("domainAddIothread", { dom, iothread_id: id, flags });
    return { data: { id }, text: "" };
  },

  async iothreaddel({ domain, id, ...choice }, context) {
    const flags = affectFlags(choice);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    await connection.call("domainDelIothread", { dom, iothread_id: id, flags });
    return { data: { id }, text: "" };
  },

  async memtune(args, context) {
    const names = ["hard-limit", "soft-limit", "swap-hard-limit", "min-guarantee"] as const;
    const params = names.flatMap((name) => {
      const bytes = args[name];
      return bytes === undefined
        ? []
        : [
            {
              field: name.replaceAll("-", "_"),
              value: { type: 4 as const, value: bytes / 1024n },
            },
          ];
    });
    const flags = affectFlags(args);
    const connection = await context.connection();
    const dom = await findDomain(connection, args.domain);
    if (params.length > 0) {
      await attempt(
        "Unable to change memory parameters",
        connection.call("domainSetMemoryParameters", { dom, params, flags }),
      );
      return { data: {}, text: "" };
    }
    const { nparams } = await attempt(
      "Unable to get number of memory parameters",
      connection.call("domainGetMemoryParameters", { dom, nparams: 0, flags }),
    );
    const found = await attempt(
      "Unable to get memory parameters",
      connection.call("domainGetMemoryParameters", { dom, nparams, flags }),
    );
    const rows = found.params.map(({ field, value }) => [field, BigInt(value.value)] as const);
    return {
      data: Object.fromEntries(rows),
      text: rows
        .map(([name, kib]) => `${name.padEnd(15)}: ${kib >= unlimitedKiB ? "unlimited" : kib}\n`)
        .join(""),
    };
  },
};
