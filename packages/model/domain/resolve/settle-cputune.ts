/** Pins and schedulers in libvirt's order, without those of virtual CPUs that do not exist. */
import type { Domain } from "../domain.ts";

/** Orders pins, and writes schedulers one by one, as libvirt keeps them. */
export function settleCpuTune(domain: Domain): Domain {
  const { cputune, vcpu } = domain;
  if (cputune === undefined) return domain;
  const count = vcpu?.count ?? 1;
  const within = (vcpus: readonly number[]): readonly number[] =>
    vcpus.filter((one) => one < count);
  const { vcpupins, iothreadpins, vcpuscheds, iothreadscheds, cachetunes, memorytunes, ...rest } =
    cputune;
  return {
    ...domain,
    cputune: {
      ...rest,
      ...(vcpupins && {
        vcpupins: vcpupins.filter((pin) => pin.vcpu < count).sort((a, b) => a.vcpu - b.vcpu),
      }),
      ...(iothreadpins && {
        iothreadpins: [...iothreadpins].sort((a, b) => a.iothread - b.iothread),
      }),
      ...(vcpuscheds && {
        vcpuscheds: vcpuscheds
          .flatMap((sched) => within(sched.vcpus).map((one) => ({ ...sched, vcpus: [one] })))
          .sort((a, b) => (a.vcpus[0] ?? 0) - (b.vcpus[0] ?? 0)),
      }),
      ...(iothreadscheds && {
        iothreadscheds: iothreadscheds
          .flatMap((sched) => sched.iothreads.map((one) => ({ ...sched, iothreads: [one] })))
          .sort((a, b) => (a.iothreads[0] ?? 0) - (b.iothreads[0] ?? 0)),
      }),
      ...(cachetunes && { cachetunes: withVcpus(cachetunes, within) }),
      ...(memorytunes && { memorytunes: withVcpus(memorytunes, within) }),
    },
  };
}

interface ForVcpus {
  readonly vcpus: readonly number[];
}
/** Groups without any virtual CPU vanish. */
const withVcpus = <T extends ForVcpus>(
  groups: readonly T[],
  within: (vcpus: readonly number[]) => readonly number[],
): readonly T[] =>
  groups
    .map((group) => ({ ...group, vcpus: within(group.vcpus) }))
    .filter(({ vcpus }) => vcpus.length > 0);
