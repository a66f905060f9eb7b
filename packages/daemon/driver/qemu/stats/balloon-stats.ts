import { currentConfig } from "../domain-report.ts";
import { balloonPath } from "./balloon-path.ts";
import type { StatsGroup } from "./group.ts";
import { memoryFigures } from "./memory-figures.ts";
import { ullong } from "./statistic.ts";

export const balloonStats: StatsGroup = async (source) => {
  const config = currentConfig(source.view);
  const total = config.memory.sizeKiB;
  const hasBalloon = source.view.live === undefined || balloonPath(config) !== undefined;
  const { actual: _, ...figures } = await memoryFigures(source);
  return {
    "balloon.current": ullong(hasBalloon ? config.currentMemoryKiB : total),
    "balloon.maximum": ullong(total),
    ...Object.fromEntries(
      Object.entries(figures).map(([name, value]) => [
        `balloon.${name === "last_update" ? "last-update" : name}`,
        ullong(value),
      ]),
    ),
  };
};
