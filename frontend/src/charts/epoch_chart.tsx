// A uPlot chart over epochs: it follows its box, the theme, and the zoom and pointer that all charts
// of a run share, and it changes its data without losing any of them.

import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { Span, View } from "../view";
import { color, font } from "./ink";
import { drawBands, drawNotes, LABEL_ROW, LABEL_ROWS } from "./overlay";
import type { Picture } from "./picture";
import { type Size, usePlot } from "./use_plot";

interface Props {
  picture: Picture;
  view: View;
  summary: string;
}

export function EpochChart({ picture, view, summary }: Props) {
  const latest = useRef(picture);
  latest.current = picture;
  const lines = picture.lines.map(({ label, color }) => `${label} ${color}`).join();
  const { box, plot } = usePlot(
    {
      options: (size) => options(size, () => latest.current, view),
      show: (plot) => showData(plot, picture, view.zoom.peek()),
    },
    [lines, view],
  );

  useSignalEffect(() => {
    const zoom = view.zoom.value;
    if (plot.current) plot.current.setScale("x", shownRange(latest.current, zoom));
  });

  return <div class="plot" ref={box} role="img" aria-label={summary} />;
}

function showData(plot: uPlot, picture: Picture, zoom: Span | null): void {
  const data = [picture.epochs, ...picture.lines.map(({ values }) => values)];
  plot.batch(() => {
    plot.setData(data as uPlot.AlignedData, false);
    plot.setScale("x", shownRange(picture, zoom));
  });
}

function shownRange({ epochs }: Picture, zoom: Span | null): { min: number; max: number } {
  const min = zoom?.[0] ?? epochs[0] ?? 0;
  const max = zoom?.[1] ?? epochs[epochs.length - 1] ?? 1;
  return min < max ? { min, max } : { min: min - 1, max: max + 1 };
}

const END_LABEL_WIDTH = 116;
const EPOCH_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

function options(size: Size, picture: () => Picture, view: View): uPlot.Options {
  const { axis, lines, gap } = picture();
  const ink = {
    stroke: () => color("muted"),
    grid: { stroke: () => color("grid"), width: 1 },
    ticks: { show: false },
    font: font(),
  };
  return {
    ...size,
    padding: [LABEL_ROWS * LABEL_ROW + 4, END_LABEL_WIDTH, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 7, fill: (_plot, series) => color(lines[series - 1]?.color ?? "text") },
      move: snapToEpoch,
      drag: { x: true, y: false, setScale: false },
      sync: { key: view.id },
      bind: {
        dblclick: () => () => {
          view.zoom.value = null;
          return null;
        },
      },
    },
    scales: {
      x: { time: false },
      y: { range: (_plot, min, max) => (isFromZero(picture()) ? fromZero(max) : around(min, max)) },
    },
    axes: [
      {
        ...ink,
        incrs: EPOCH_STEPS,
        size: 20,
        gap: 4,
        label: axis,
        labelSize: 14,
        labelGap: -2,
        labelFont: font(),
      },
      {
        ...ink,
        size: 50,
        gap: 6,
        values: (_plot, splits, _axis, _space, step) => ticks(splits, step),
      },
    ],
    series: [
      {},
      ...lines.map(({ label, color: name, dash, width }) => ({
        label,
        width,
        stroke: () => color(name),
        points: { size: 5, fill: () => color("card") },
        ...(dash ? { dash } : {}),
      })),
    ],
    bands: gap
      ? [
          { series: [1, 2], fill: () => color("gap") },
          { series: [2, 1], fill: () => color("gap") },
        ]
      : [],
    hooks: {
      drawClear: [(plot) => drawBands(plot, picture())],
      draw: [(plot) => drawNotes(plot, picture())],
      setCursor: [
        (plot) => {
          view.cursor.value = plot.cursor.idx ?? null;
        },
      ],
      setSelect: [(plot) => zoomToSelection(plot, view)],
    },
  };
}

function isFromZero({ better, zero }: Picture): boolean {
  return better === "higher" || zero === true;
}

/** The pointer's line stands on the epoch whose values are read out. */
function snapToEpoch(plot: uPlot, left: number, top: number): [number, number] {
  const epoch = left < 0 ? undefined : plot.data[0][plot.posToIdx(left)];
  return epoch === undefined ? [left, top] : [plot.valToPos(epoch, "x"), top];
}

function zoomToSelection(plot: uPlot, view: View): void {
  const { left, width } = plot.select;
  if (width === 0) return;
  const first = Math.round(plot.posToVal(left, "x"));
  const last = Math.round(plot.posToVal(left + width, "x"));
  if (first < last) view.zoom.value = [first, last];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

function fromZero(max: number | null): [number, number] {
  if (!max) return [0, 1];
  return [0, max <= 1 ? Math.min(1, max * 1.08) : max * 1.08];
}

function around(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const margin = (max - min || Math.abs(max) || 1) * 0.06;
  return [min - margin, max + margin];
}

function ticks(splits: readonly number[], step: number): string[] {
  return splits.map((split) => split.toFixed(digitsOf(step)));
}

/** Decimals that a multiple of the step needs: .5 has one, .25 has two. */
function digitsOf(step: number): number {
  for (let digits = 0; digits < 8; digits++) {
    if (Math.abs(Number(step.toFixed(digits)) - step) < 1e-6 * step) return digits;
  }
  return 8;
}
