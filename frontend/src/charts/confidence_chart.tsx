// A uPlot chart over the confidence from 0 to 1. A click chooses the confidence under the pointer.

import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { Span } from "../view";
import { color, font, px } from "./ink";
import { drawBands, drawNotes, LABEL_ROW, LABEL_ROWS } from "./overlay";
import type { Picture } from "./picture";
import { type Size, usePlot } from "./use_plot";

/** A picture whose epochs are confidences. */
export interface ConfidencePicture extends Picture {
  /** Where the best may lie, drawn as a bar with caps at the foot of the plot. */
  interval: Span | null;
}

interface Props {
  picture: ConfidencePicture;
  summary: string;
  /** Where the slider stands. Only a line follows it: the plot is not drawn again. */
  at: ReadonlySignal<number>;
  choose: (confidence: number) => void;
}

export function ConfidenceChart({ picture, summary, at, choose }: Props) {
  const latest = useRef({ picture, choose });
  latest.current = { picture, choose };
  const position = useComputed(() => `--at: ${at.value}`);
  const lines = picture.lines.map(({ label, color }) => `${label} ${color}`).join();
  const { box } = usePlot(
    {
      options: (size) => options(size, latest),
      show: (plot) => showData(plot, picture),
    },
    [lines],
  );
  return (
    <div class="over-confidence" role="img" aria-label={summary}>
      <div class="plot" ref={box} />
      <i class="chosen-confidence" style={position} />
    </div>
  );
}

const WHOLE = { min: 0, max: 1 };

function showData(plot: uPlot, picture: Picture): void {
  const data = [picture.epochs, ...picture.lines.map(({ values }) => values)];
  plot.batch(() => {
    plot.setData(data as uPlot.AlignedData, false);
    plot.setScale("x", WHOLE);
  });
}

/** The slider below the plot and the line in it reach from one end of its axis to the other: threshold.css knows these. */
const LEFT = 50;
const RIGHT = 40;

function options(
  size: Size,
  latest: { current: Pick<Props, "picture" | "choose"> },
): uPlot.Options {
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
    padding: [LABEL_ROWS * LABEL_ROW + 6, RIGHT, 0, 0],
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
      drawClear: [(plot) => drawBands(plot, latest.current.picture)],
      draw: [
        (plot) => drawNotes(plot, latest.current.picture),
        (plot) => drawInterval(plot, latest.current.picture),
      ],
    },
  };
}

function drawInterval(plot: uPlot, { interval }: ConfidencePicture): void {
  if (!interval) return;
  const { ctx, bbox } = plot;
  const [low, high] = interval.map((end) => plot.valToPos(end, "x", true)) as [number, number];
  const y = bbox.top + bbox.height - px(8);
  ctx.save();
  ctx.strokeStyle = color("ok");
  ctx.lineWidth = px(2);
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(low, y);
  ctx.lineTo(high, y);
  for (const end of [low, high]) {
    ctx.moveTo(end, y - px(4));
    ctx.lineTo(end, y + px(4));
  }
  ctx.stroke();
  ctx.restore();
}

function onClick(over: HTMLElement, tell: (x: number) => void): void {
  over.addEventListener("click", ({ offsetX }) => tell(offsetX));
}
