// A uPlot chart over the confidence from 0 to 1. A click chooses the confidence under the pointer.

import { useRef } from "preact/hooks";
import type uPlot from "uplot";
import { color, font } from "./ink";
import { drawNotes, LABEL_ROW } from "./overlay";
import type { Picture } from "./picture";
import { type Size, usePlot } from "./use_plot";

interface Props {
  /** Its epochs are confidences. */
  picture: Picture;
  summary: string;
  choose: (confidence: number) => void;
}

export function ConfidenceChart({ picture, summary, choose }: Props) {
  const latest = useRef({ picture, choose });
  latest.current = { picture, choose };
  const lines = picture.lines.map(({ label, color }) => `${label} ${color}`).join();
  const { box } = usePlot(
    {
      options: (size) => options(size, latest),
      show: (plot) => showData(plot, picture),
    },
    [lines],
  );
  return <div class="plot" ref={box} role="img" aria-label={summary} />;
}

const WHOLE = { min: 0, max: 1 };

function showData(plot: uPlot, picture: Picture): void {
  const data = [picture.epochs, ...picture.lines.map(({ values }) => values)];
  plot.batch(() => {
    plot.setData(data as uPlot.AlignedData, false);
    plot.setScale("x", WHOLE);
  });
}

/** The slider below the plot reaches from one end of its axis to the other: threshold.css knows these. */
const LEFT = 50;
const RIGHT = 40;

function options(size: Size, latest: { current: Omit<Props, "summary"> }): uPlot.Options {
  const { axis, lines } = latest.current.picture;
  const ink = {
    stroke: () => color("muted"),
    grid: { stroke: () => color("grid"), width: 1 },
    ticks: { show: false },
    font: font(),
    incrs: [0.1, 0.2, 0.5],
    values: (_plot: uPlot, splits: number[]) => splits.map((split) => split.toFixed(1)),
  };
  return {
    ...size,
    padding: [LABEL_ROW + 6, RIGHT, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: false, y: false },
    },
    scales: { x: { time: false }, y: { range: () => [0, 1] } },
    axes: [
      { ...ink, size: 20, gap: 4, label: axis, labelSize: 14, labelGap: -2, labelFont: font() },
      { ...ink, size: LEFT, gap: 6 },
    ],
    series: [
      {},
      ...lines.map(({ label, color: name, dash, width }) => ({
        label,
        width,
        stroke: () => color(name),
        points: { show: false },
        ...(dash ? { dash } : {}),
      })),
    ],
    hooks: {
      ready: [
        ({ over, posToVal }) => onClick(over, (x) => latest.current.choose(posToVal(x, "x"))),
      ],
      draw: [(plot) => drawNotes(plot, latest.current.picture)],
    },
  };
}

function onClick(over: HTMLElement, tell: (x: number) => void): void {
  over.addEventListener("click", ({ offsetX }) => tell(offsetX));
}
