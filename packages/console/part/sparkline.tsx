import type { ReactElement } from "react";

export interface SparklineProps {
  /** Oldest first. */
  readonly values: readonly number[];
  /** The top of the picture. */
  readonly max: number;
  readonly label: string;
}

const WIDTH = 72;
const HEIGHT = 20;

/** The last values as a small line. */
export function Sparkline({ values, max, label }: SparklineProps): ReactElement {
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  const top = Math.max(max, Number.EPSILON);
  const path = values
    .map((value, at) => {
      const y = HEIGHT - 1 - (Math.min(value, top) / top) * (HEIGHT - 2);
      return `${at === 0 ? "M" : "L"}${(at * step).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
  return (
    <svg className="vireo-spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path d={path} />
    </svg>
  );
}
