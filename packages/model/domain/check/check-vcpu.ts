/** Virtual CPUs: their number, topology and state. */
import type { Domain } from "../domain.ts";
import type { ResolveFacts } from "../resolve/facts.ts";
import { internal, unsupported, wrongXml } from "./refuse.ts";

/** At least one, and not more online than there can be. */
export function checkVcpuCount({ vcpu }: Domain): void {
  const count = vcpu?.count ?? 1;
  const current = vcpu?.current ?? count;
  if (count === 0) internal("CPU IDs in <numa> exceed the <vcpu> count");
  if (current === 0) unsupported("vcpu 0 can't be offline");
  if (count < current) unsupported("maximum vCPU count must not be less than current vCPU count");
}

/** Sockets, dies, cores and threads multiply to the number of virtual CPUs. */
export function checkTopology({ cpu, vcpu }: Domain): void {
  if (cpu?.topology === undefined) return;
  const { sockets, dies = 1, cores, threads } = cpu.topology;
  if (sockets * dies * cores * threads !== (vcpu?.count ?? 1))
    unsupported("CPU topology doesn't match maximum vcpu count");
}

/** Not more than the board takes. */
export function checkMachineVcpus(
  { os, vcpu }: Domain,
  { machines }: Pick<ResolveFacts, "machines">,
): void {
  const max = machines.find(({ name }) => name === os?.type?.machine)?.maxCpus ?? 0;
  const count = vcpu?.count ?? 1;
  if (max > 0 && count > max)
    unsupported(`Maximum CPUs greater than specified machine type limit ${max}`);
}

/** The list of single virtual CPUs names each once, and none that cannot be. */
export function checkVcpuList({ vcpu, vcpus }: Domain): void {
  const count = vcpu?.count ?? 1;
  const seen = new Set<number>();
  for (const { id, enabled, hotpluggable } of vcpus?.vcpus ?? []) {
    if (id >= count) wrongXml(`vcpu id '${id}' is out of range of maximum vcpu count`);
    if (seen.has(id)) wrongXml(`duplicate vcpu id '${id}'`);
    if (!enabled && hotpluggable === false) wrongXml("vcpus can't be offline and non-hotpluggable");
    seen.add(id);
  }
}

/** QEMU starts with the first virtual CPU and adds the others in order. */
export function checkVcpuOrder({ vcpus }: Domain): void {
  const [first, ...others] = vcpus?.vcpus ?? [];
  if (first === undefined) return;
  if (!first.enabled) unsupported("vcpu 0 can't be offline");
  if (first.hotpluggable === true) wrongXml("vcpu0 can't be hotpluggable");
  if ((first.order ?? 1) !== 1) wrongXml("vcpu0 must be enabled first");
  let before = first;
  for (const one of others) {
    if (one.enabled && (one.order === undefined) !== (first.order === undefined))
      wrongXml("all vcpus must have either set or unset order");
    if (one.hotpluggable === false) checkFixed(before, one);
    before = one;
  }
}

type OneVcpu = NonNullable<NonNullable<Domain["vcpus"]>["vcpus"]>[number];
function checkFixed(before: OneVcpu, one: OneVcpu): void {
  if (before.hotpluggable === true)
    wrongXml("online non-hotpluggable vcpus need to be ordered prior to hotplugable vcpus");
  if ((before.order ?? 0) > (one.order ?? 0))
    wrongXml("online non-hotpluggable vcpus must be ordered in ascending order");
}
