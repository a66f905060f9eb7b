import type { DomainReference, TypedParameter } from "@vireo/sdk/libvirt/procedure";
import { type Answer, attempt, CommandError, type HandlersOf } from "../../answer.ts";
import type { domainTuneCommands } from "../../catalog/domain-tune.ts";
import type { Connection } from "../../connection.ts";
import { affectFlags } from "../../flags.ts";
import { findDomain } from "../../lookup.ts";
import { formatParameter } from "../../typed-parameter.ts";

/** A group of parameters: how many there are, then what they are. */
type Read = (
  connection: Connection,
  wanted: { readonly dom: DomainReference; readonly nparams: number; readonly flags: number },
) => Promise<{ readonly params: readonly TypedParameter[]; readonly nparams: number }>;

const readBlkio: Read = async (connection, wanted) =>
  await connection.call("domainGetBlkioParameters", wanted);
const readNuma: Read = async (connection, wanted) =>
  await connection.call("domainGetNumaParameters", wanted);

/** VIR_TYPED_PARAM_STRING_OKAY: without it parameters that are strings are left out. */
const stringOkay = 4;

/** virDomainNumatuneMemMode. */
const numaModes = ["strict", "preferred", "interleave", "restrictive"];

const show = (
  params: readonly TypedParameter[],
  format: (parameter: TypedParameter) => string = formatParameter,
): Answer => ({
  data: Object.fromEntries(params.map((one) => [one.field, one.value.value])),
  text: params.map((one) => `${one.field.padEnd(15)}: ${format(one)}\n`).join(""),
});

async function readAll(
  connection: Connection,
  read: Read,
  { dom, flags, noun }: { dom: DomainReference; flags: number; noun: string },
): Promise<readonly TypedParameter[]> {
  const { nparams } = await attempt(
    `Unable to get number of ${noun}`,
    read(connection, { dom, nparams: 0, flags: flags | stringOkay }),
  );
  const { params } = await attempt(
    `Unable to get ${noun}`,
    read(connection, { dom, nparams, flags: flags | stringOkay }),
  );
  return params;
}

/** Setting is another matter: say so rather than show. */
function refuseSetting(given: readonly unknown[], command: string): void {
  if (given.some((value) => value !== undefined))
    throw new CommandError(`setting values with '${command}' is not implemented in vireo yet`);
}

interface CpuPart {
  readonly title: string;
  /** In nanoseconds. */
  readonly times: readonly (readonly [string, bigint])[];
}

/** How many CPUs of the host a domain has figures of. */
async function countCpus(connection: Connection, dom: DomainReference): Promise<number> {
  const wanted = { dom, nparams: 0, start_cpu: 0, flags: 0 };
  const { nparams } = await connection.call("domainGetCpuStats", { ...wanted, ncpus: 0 });
  await connection.call("domainGetCpuStats", { ...wanted, ncpus: 1 });
  return nparams;
}

/** Times on one CPU of the host; -1 is all together. */
async function readTimes(
  connection: Connection,
  dom: DomainReference,
  cpu: number,
): Promise<CpuPart["times"]> {
  const wanted = { dom, start_cpu: cpu, ncpus: 1, flags: 0 };
  const { nparams } = await connection.call("domainGetCpuStats", { ...wanted, nparams: 0 });
  const { params } = await connection.call("domainGetCpuStats", { ...wanted, nparams });
  return params.map(({ field, value }) => [field, BigInt(value.value)]);
}

const formatPart = ({ title, times }: CpuPart): string =>
  `${title}:\n${times
    .map(([field, ns]) => {
      const rest = String(ns % 1_000_000_000n).padStart(9, "0");
      return `\t${field.padEnd(12)} ${String(ns / 1_000_000_000n).padStart(9)}.${rest} seconds\n`;
    })
    .join("")}`;

export const handlers: HandlersOf<typeof domainTuneCommands> = {
  async blkiotune(args, context) {
    const { domain, live, config, current, ...values } = args;
    refuseSetting(Object.values(values), "blkiotune");
    const flags = affectFlags({ live, config, current });
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    return show(await readAll(connection, readBlkio, { dom, flags, noun: "blkio parameters" }));
  },

  async numatune({ domain, mode, nodeset, ...choice }, context) {
    refuseSetting([mode, nodeset], "numatune");
    const flags = affectFlags(choice);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const noun = "NUMA parameters";
    return show(await readAll(connection, readNuma, { dom, flags, noun }), (one) =>
      one.field === "numa_mode"
        ? (numaModes[Number(one.value.value)] ?? "unknown")
        : formatParameter(one),
    );
  },

  async schedinfo({ domain, weight, cap, set, ...choice }, context) {
    refuseSetting([weight, cap, set[0]], "schedinfo");
    const flags = affectFlags(choice);
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const { type, nparams } = await connection.call("domainGetSchedulerType", { dom });
    const head = `${"Scheduler".padEnd(15)}: ${type}\n`;
    const { params } = await connection.call("domainGetSchedulerParametersFlags", {
      dom,
      nparams,
      flags,
    });
    const { data, text } = show(params);
    return { data: { scheduler: type, parameters: data }, text: `${head}${String(text)}` };
  },

  async "cpu-stats"({ domain, total, start = 0, count = 0 }, context) {
    const connection = await context.connection();
    const dom = await findDomain(connection, domain);
    const sentence = `Failed to retrieve CPU statistics for domain '${dom.name}'`;
    const everything = !total && count === 0 && start === 0;
    const parts: CpuPart[] = [];
    if (!total) {
      const cpus = await attempt(sentence, countCpus(connection, dom));
      const end = count === 0 ? cpus : Math.min(cpus, start + count);
      for (let cpu = start; cpu < end; cpu++)
        parts.push({
          title: `CPU${cpu}`,
          times: await attempt(sentence, readTimes(connection, dom, cpu)),
        });
    }
    if (total || everything)
      parts.push({
        title: "Total",
        times: await attempt(sentence, readTimes(connection, dom, -1)),
      });
    return {
      data: Object.fromEntries(parts.map(({ title, times }) => [title, Object.fromEntries(times)])),
      text: parts.map(formatPart).join(""),
    };
  },
};
