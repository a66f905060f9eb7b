/** `-rtc` and the timers that are options of their own. */
import { type CommandArg, flagArg, optionString, type OptionPair, rawArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

type Clock = NonNullable<CommandInput["domain"]["clock"]>;
type Timer = NonNullable<Clock["timers"]>[number];

const ORIGIN = "/domain/clock";

/** `YYYY-MM-DDTHH:MM:SS`, the form QEMU reads. */
const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19);

function variableBase(clock: Clock, { host }: CommandInput["context"]): string {
  const local = clock.basis === "localtime" ? host.localTimeOffsetSeconds : 0;
  return isoTime(host.nowSeconds + local + Number(clock.adjustment ?? 0));
}

function baseOf(clock: Clock | undefined, context: CommandInput["context"]): string {
  switch (clock?.offset) {
    case "localtime":
    case "timezone":
      return "localtime";
    case "variable":
      return variableBase(clock, context);
    case "absolute":
      return isoTime(clock.start ?? 0);
    case "utc":
    case undefined:
      return "utc";
  }
}

const CLOCK_SOURCE: Readonly<Record<string, string>> = {
  guest: "vm",
  wall: "host",
  realtime: "rt",
};
const DRIFT_FIX: Readonly<Record<string, string>> = { delay: "none", catchup: "slew" };

const timer = (clock: Clock | undefined, name: Timer["name"]): Timer | undefined =>
  clock?.timers?.find((one) => one.name === name);

export function rtcArgs({ domain, context }: CommandInput): CommandArg[] {
  const rtc = timer(domain.clock, "rtc");
  const pairs: OptionPair[] = [
    ["base", baseOf(domain.clock, context)],
    ["clock", rtc?.track === undefined ? undefined : CLOCK_SOURCE[rtc.track]],
    ["driftfix", rtc?.tickpolicy === undefined ? undefined : DRIFT_FIX[rtc.tickpolicy]],
  ];
  return [rawArg("-rtc", optionString(undefined, pairs), ORIGIN)];
}

/** Lost ticks of the programmable interval timer, which KVM emulates. */
function pitArgs(clock: Clock | undefined): CommandArg[] {
  const policy = timer(clock, "pit")?.tickpolicy;
  return policy === "delay" || policy === "discard"
    ? [rawArg("-global", optionString(undefined, [["kvm-pit.lost_tick_policy", policy]]), ORIGIN)]
    : [];
}

function hpetArgs({ domain, caps }: CommandInput): CommandArg[] {
  if (caps.flags.has("machine-hpet") || !caps.flags.has("no-hpet")) return [];
  return timer(domain.clock, "hpet")?.present === false ? [flagArg("-no-hpet", ORIGIN)] : [];
}

export const timerArgs = (input: CommandInput): CommandArg[] => [
  ...pitArgs(input.domain.clock),
  ...hpetArgs(input),
];
