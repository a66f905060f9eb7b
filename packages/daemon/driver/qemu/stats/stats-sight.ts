/** What everybody who looks at domains shares: what was seen of them last. */
import { ImageSizes } from "../../../host/image-sizes.ts";
import type { DomainActor } from "../domain-actor.ts";
import type { QemuEnvironment } from "../environment.ts";
import type { PerfCounters } from "../tune/perf-counters.ts";
import type { StatsSource } from "./group.ts";
import { GuestSamples } from "./guest-samples.ts";

export interface StatsSight {
  readonly samples: GuestSamples;
  readonly sizes: ImageSizes;
  readonly perf: PerfCounters;
}

export const statsSight = ({ perf }: Pick<QemuEnvironment, "perf">): StatsSight => ({
  perf,
  samples: new GuestSamples(),
  sizes: new ImageSizes(),
});

interface Looking {
  readonly backing?: boolean | undefined;
  readonly nowait?: boolean | undefined;
}

export const sourceOf = (
  { samples, sizes, perf }: StatsSight,
  actor: DomainActor,
  { backing = false, nowait = false }: Looking = {},
): StatsSource => ({
  view: actor.view,
  perf,
  ask: (...question) => samples.ask(actor, question, nowait),
  sizesOf: (...file) => sizes.of(...file),
  backing,
});
