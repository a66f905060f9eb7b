/** RPC procedures about the long job of a domain. */
import { virError } from "@vireo/model/error";
import { JOB_OPERATIONS, JOB_TYPES, type JobStats } from "@vireo/model/operation/domain-job";
import { param, type TypedParam } from "@vireo/rpc/typed-param";
import { ask, driverFunction, type DoorHandlers } from "./door-session.ts";
import { readFlags } from "./flags.ts";
import { domainOf } from "./wire.ts";

const COMPLETED = { completed: 1, keepCompleted: 2 } as const;

/** The figures as libvirt's typed parameters. */
export function jobParams({ operation, figures, type, error }: JobStats): TypedParam[] {
  if (type === "none") return [];
  return [
    param.int("operation", JOB_OPERATIONS.indexOf(operation)),
    ...Object.entries(figures).map(([name, value]) => param.ullong(name, value)),
    ...(operation === "backup" && type === "completed"
      ? [param.boolean("success", error === undefined)]
      : []),
    ...(error === undefined ? [] : [param.string("errmsg", error)]),
  ];
}

export const jobTypeNumber = ({ type }: JobStats): number => JOB_TYPES.indexOf(type);

export const domainJobHandlers: DoorHandlers = {
  domainGetJobInfo: async ({ dom }, call) => {
    const stats = await ask(call, ["domain", "jobStats"], { domain: domainOf(dom) });
    const figure = (name: string): bigint => BigInt(stats.figures[name] ?? 0);
    return {
      type: jobTypeNumber(stats),
      timeElapsed: figure("time_elapsed"),
      timeRemaining: figure("time_remaining"),
      dataTotal: figure("data_total"),
      dataProcessed: figure("data_processed"),
      dataRemaining: figure("data_remaining"),
      memTotal: figure("memory_total"),
      memProcessed: figure("memory_processed"),
      memRemaining: figure("memory_remaining"),
      fileTotal: figure("disk_total"),
      fileProcessed: figure("disk_processed"),
      fileRemaining: figure("disk_remaining"),
    };
  },
  domainGetJobStats: async ({ dom, flags }, call) => {
    const ways = readFlags(flags, COMPLETED, driverFunction(call, "DomainGetJobStats"));
    const stats = await ask(call, ["domain", "jobStats"], { domain: domainOf(dom), ...ways });
    return { type: jobTypeNumber(stats), params: jobParams(stats) };
  },
  domainAbortJob: ({ dom }, call) => ask(call, ["domain", "abortJob"], { domain: domainOf(dom) }),
  domainAbortJobFlags: ({ dom, flags }, call) => {
    const { postcopy } = readFlags(
      flags,
      { postcopy: 1 },
      driverFunction(call, "DomainAbortJobFlags"),
    );
    if (postcopy === true)
      throw virError("operationInvalid", "current job is not outgoing migration in post-copy mode");
    return ask(call, ["domain", "abortJob"], { domain: domainOf(dom) });
  },
};
