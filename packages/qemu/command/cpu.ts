/** `-cpu`: model, features, and what hypervisors tell guests about themselves. */
import { type CommandArg, type OptionPair, optionString, rawArg } from "./argument.ts";
import { qemuFeature } from "./cpu-flags.ts";
import { type GuestCpu, guestCpu } from "./cpu-model.ts";
import { hypervPairs } from "./hyperv.ts";
import type { CommandInput } from "./input.ts";

type Cpu = NonNullable<CommandInput["domain"]["cpu"]>;
type Features = CommandInput["domain"]["features"];

const modelPairs = ({ vendor, features }: GuestCpu): OptionPair[] => [
  ["vendor", vendor],
  ...features.map(({ name, on }): OptionPair => [qemuFeature(name), on]),
];

/** Written only when the definition differs from what QEMU does by itself. */
const whenOn = (value: boolean | undefined): true | undefined =>
  value === true ? true : undefined;
const whenOff = (value: boolean | undefined): false | undefined =>
  value === false ? false : undefined;

/** Hints of KVM to its guests, and whether it shows itself. */
function kvmHints(kvm: NonNullable<Features>["kvm"]): OptionPair[] {
  if (kvm === undefined) return [];
  return [
    ["kvm", kvm.hidden?.state === true ? false : undefined],
    ["kvm-hint-dedicated", whenOn(kvm.hintDedicated?.state)],
    ["kvm-poll-control", whenOn(kvm.pollControl?.state)],
    ["kvm-pv-ipi", whenOff(kvm.pvIpi?.state)],
  ];
}

/** Paravirtual clock and interrupt tricks of KVM. */
const kvmPairs = ({ features, clock }: CommandInput["domain"]): OptionPair[] => [
  ["tsc-frequency", clock.timers?.find((timer) => timer.name === "tsc")?.frequency],
  ["kvmclock", clock.timers?.find((timer) => timer.name === "kvmclock")?.present],
  ["kvm-pv-eoi", features?.apic?.eoi],
  ["kvm-pv-unhalt", features?.pvspinlock?.state],
  ["pmu", features?.pmu?.state],
  ...kvmHints(features?.kvm),
];

/** A host CPU shows the host's caches unless told otherwise. */
function cachePairs(cpu: Cpu | undefined): OptionPair[] {
  const host = cpu?.mode === "host-passthrough" || cpu?.mode === "maximum";
  switch (cpu?.cache?.mode) {
    case "emulate":
      return [
        ["l3-cache", true],
        ["host-cache-info", host ? false : undefined],
      ];
    case "passthrough":
      return [["host-cache-info", true]];
    case "disable":
      return host ? [["host-cache-info", false]] : [["l3-cache", false]];
    case undefined:
      return [];
  }
}

function addressPairs(cpu: Cpu | undefined): OptionPair[] {
  switch (cpu?.maxphysaddr?.mode) {
    case "passthrough":
      return [["host-phys-bits", true]];
    case "emulate":
      return [["phys-bits", cpu.maxphysaddr.bits]];
    case undefined:
      return [];
  }
}

/** `hypervclock` is a Hyper-V enlightenment that libvirt files under timers. */
const hypervClock = (clock: CommandInput["domain"]["clock"]): OptionPair[] => {
  const timer = clock.timers?.find((one) => one.name === "hypervclock");
  return timer?.present === true ? [["hv-time", true]] : [];
};

const migratable = (cpu: Cpu | undefined): OptionPair[] =>
  cpu?.mode === "host-passthrough" || cpu?.mode === "maximum"
    ? [["migratable", cpu.migratable]]
    : [];

/** A `<cpu>` that only describes topology or NUMA leaves the model to QEMU. */
const namesCpu = (cpu: Cpu | undefined): boolean =>
  cpu?.model !== undefined || (cpu?.mode !== undefined && cpu.mode !== "custom");

export function cpuArgs(input: CommandInput): CommandArg[] {
  const { domain } = input;
  const { cpu } = domain;
  const guest = guestCpu(cpu, input);
  const pairs: OptionPair[] = [
    ...migratable(cpu),
    ...modelPairs(guest),
    ...hypervClock(domain.clock),
    ...kvmPairs(domain),
    ...hypervPairs(domain),
    ...cachePairs(cpu),
    ...addressPairs(cpu),
  ];
  const asked = pairs.some(([, value]) => value !== undefined);
  if (!namesCpu(cpu) && !asked) return [];
  return [rawArg("-cpu", optionString(guest.model, pairs), "/domain/cpu")];
}
