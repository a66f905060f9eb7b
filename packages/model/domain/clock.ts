/** `<clock>`: the guest's time and timers. */
import { element, type Infer } from "../schema/element.ts";
import { attr, child, children, requiredAttr } from "../schema/member.ts";
import { long, oneOf, string, uint, ulong, unless, yesNo } from "../schema/scalar.ts";

const Catchup = element("catchup", "Limits while lost ticks are made up for.", {
  threshold: attr(uint, { doc: "Nanoseconds of lag before catching up starts." }),
  slew: attr(uint, { doc: "Speed." }),
  limit: attr(uint, { doc: "Nanoseconds of lag beyond which ticks are lost." }),
});
export const Timer = element("timer", "One timer of the guest.", {
  name: requiredAttr(
    oneOf("platform", "pit", "rtc", "hpet", "tsc", "kvmclock", "hypervclock", "armvtimer"),
    { doc: "Which timer." },
  ),
  present: attr(yesNo, { doc: "Whether the guest has it." }),
  tickpolicy: attr(oneOf("delay", "catchup", "merge", "discard"), {
    doc: "What happens to lost ticks.",
  }),
  track: attr(oneOf("boot", "guest", "wall", "realtime"), { doc: "Which time it follows." }),
  frequency: attr(ulong, { doc: "Hertz, for `tsc`." }),
  mode: attr(unless("auto", oneOf("native", "emulate", "paravirt", "smpsafe")), {
    doc: "How `tsc` works.",
  }),
  catchup: child(Catchup, { doc: "Limits of `catchup`." }),
});
export const Clock = element("clock", "The guest's time.", {
  offset: attr(oneOf("utc", "localtime", "variable", "timezone", "absolute"), {
    default: "utc",
    invalid: "unknown clock offset '%s'",
    fault: "configUnsupported",
    doc: "What the hardware clock shows at start.",
  }),
  adjustment: attr(string, {
    doc: "`variable`: seconds from `basis`; others: `reset` forgets the guest's changes.",
  }),
  basis: attr(oneOf("utc", "localtime"), {
    doc: "Time that `variable` counts from.",
    invalid: "unknown clock basis '%s'",
    fault: "configUnsupported",
  }),
  adjustment0: attr(long, { doc: "Adjustment at start.", show: "live" }),
  timezone: attr(string, { doc: "Time zone of `timezone`." }),
  start: attr(ulong, { doc: "Seconds since 1970, for `absolute`." }),
  timers: children(Timer, { doc: "Timers." }),
});
export type Clock = Infer<typeof Clock>;
export type Timer = Infer<typeof Timer>;
