import { useEffect, useRef, type ReactElement } from "react";
import UPlot from "uplot";

export interface PlotLine {
  readonly label: string;
  /** Oldest first. */
  readonly values: readonly number[];
  readonly colour: string;
}

export interface PlotProps {
  readonly label: string;
  readonly max: number;
  readonly lines: readonly PlotLine[];
}

const HEIGHT = 200;

const dataOf = (lines: readonly PlotLine[]): UPlot.AlignedData => {
  const length = Math.max(0, ...lines.map(({ values }) => values.length));
  const at = Array.from({ length }, (_, index) => index - length + 1);
  return [at, ...lines.map(({ values }) => [...values])];
};

/** Lines over the last samples. */
export function Plot({ label, max, lines }: PlotProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const data = dataOf(lines);
  useEffect(() => {
    if (box.current === null) return;
    const made = new UPlot(
      {
        width: Math.max(200, box.current.clientWidth),
        height: HEIGHT,
        scales: { x: { time: false }, y: { range: [0, max] } },
        series: [
          {},
          ...lines.map((line) => ({ label: line.label, stroke: line.colour, width: 2 })),
        ],
        axes: [{ show: false }, {}],
      },
      data,
      box.current,
    );
    plot.current = made; // made once; the next effect feeds it
    return () => made.destroy();
  }, [max]);
  useEffect(() => plot.current?.setData(data));
  return <div ref={box} role="img" aria-label={label} />;
}
