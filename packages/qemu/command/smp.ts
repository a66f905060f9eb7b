/** `-smp`: how many virtual CPUs, and how they are grouped. */
import { type CommandArg, optionString, rawArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

/** Without a topology each virtual CPU is a socket of its own. */
export function smpArgs({ domain, caps }: CommandInput): CommandArg[] {
  const { count } = domain.vcpu;
  const online = startupCpus(domain.vcpu, domain.vcpus);
  const topology = domain.cpu?.topology;
  const {
    sockets,
    dies = 1,
    cores,
    threads,
  } = topology ?? { sockets: count, cores: 1, threads: 1 };
  const value = optionString(String(online), [
    ["maxcpus", online === count ? undefined : count],
    ["sockets", sockets],
    ["dies", topology !== undefined && caps.flags.has("smp-dies") ? dies : undefined],
    ["cores", cores],
    ["threads", threads],
  ]);
  return [rawArg("-smp", value, "/domain/vcpu")];
}

type Vcpu = CommandInput["domain"]["vcpu"];
type Vcpus = CommandInput["domain"]["vcpus"];

/** CPUs that cannot be hotplugged must be there from the start; the others are added afterwards. */
export function startupCpus(vcpu: Vcpu, vcpus: Vcpus): number {
  const online = vcpu.current ?? vcpu.count;
  const listed = vcpus?.vcpus ?? [];
  if (listed.length === 0) return online;
  const fixed = listed.filter((one) => one.enabled && one.hotpluggable !== true);
  return Math.max(fixed.length, 1);
}
