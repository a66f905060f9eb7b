/** What a group of statistics is made from. */
import type { JsonObject } from "@vireo/qemu/json";
import type { ImageSizes } from "../../../host/image-sizes.ts";
import type { PerfCounters } from "../tune/perf-counters.ts";
import type { DomainView } from "../domain-view.ts";
import type { Stats } from "./statistic.ts";

export interface StatsSource {
  readonly view: DomainView;
  /** QEMU's answer, in time; `undefined` when there is none. */
  readonly ask: (command: string, args?: JsonObject) => Promise<unknown>;
  /** Sizes of an image file of a domain that is off; `undefined` when there is none, or none in time. */
  readonly sizesOf: ImageSizes["of"];
  readonly perf: PerfCounters;
  /** Also the images below each disk's own. */
  readonly backing: boolean;
}

export type StatsGroup = (source: StatsSource) => Stats | Promise<Stats>;
