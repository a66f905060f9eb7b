/** `<perf>`: counters of the host, measured for the guest. */
import { element, type Infer } from "../schema/element.ts";
import { children, requiredAttr } from "../schema/member.ts";
import { oneOf, yesNo } from "../schema/scalar.ts";

export const PERF_EVENTS = [
  "cmt",
  "mbmt",
  "mbml",
  "cpu_cycles",
  "instructions",
  "cache_references",
  "cache_misses",
  "branch_instructions",
  "branch_misses",
  "bus_cycles",
  "stalled_cycles_frontend",
  "stalled_cycles_backend",
  "ref_cpu_cycles",
  "cpu_clock",
  "task_clock",
  "page_faults",
  "context_switches",
  "cpu_migrations",
  "page_faults_min",
  "page_faults_maj",
  "alignment_faults",
  "emulation_faults",
] as const;

export const Perf = element("perf", "Counters of the host, measured for the guest.", {
  events: children(
    element("event", "One counter.", {
      name: requiredAttr(oneOf(...PERF_EVENTS), { doc: "Counter." }),
      enabled: requiredAttr(yesNo, { doc: "Measured." }),
    }),
    { doc: "Counters." },
  ),
});
export type Perf = Infer<typeof Perf>;
