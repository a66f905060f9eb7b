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
  /** The top of the picture. */
  readonly max: number;
  readonly lines: readonly PlotLine[];
}

const HEIGHT = 180;

const dataOf = (lines: readonly PlotLine[]): UPlot.AlignedData => {
  const length = Math.max(0, ...lines.map(({ values }) => values.length));
  const at = Array.from({ length }, (_, index) => index - length + 1);
  return [at, ...lines.map(({ values }) => [...values])];
};

/** Lines over the last samples. */
export function Plot({ label, max, lines }: PlotProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const top = useRef(max);
  top.current = max;
  const names = lines.map((line) => `${line.label} ${line.colour}`).join();
  useEffect(() => {
    if (box.current === null) return;
    const made = new UPlot(
      {
        width: Math.max(200, box.current.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        scales: { x: { time: false }, y: { range: () => [0, top.current] } },
        series: [
          {},
          ...lines.map((line) => ({ label: line.label, stroke: line.colour, width: 2 })),
        ],
        axes: [{ show: false }, { show: false }],
      },
      dataOf(lines),
      box.current,
    );
    plot.current = made; // made once for its lines; the next effect feeds it
    return () => made.destroy();
  }, [names]);
  useEffect(() => plot.current?.setData(dataOf(lines)));
  return <div ref={box} role="img" aria-label={label} />;
}
