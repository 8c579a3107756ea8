// Draws on a uPlot canvas what uPlot does not know: spans of epochs, events, labels at line ends.
// Positions here are canvas pixels, which are smaller than CSS pixels on a fine screen: px() converts.

import type uPlot from "uplot";
import type { Span } from "../view";
import { color, font, px } from "./ink";
import type { Line, Picture } from "./picture";

export const LABEL_ROW = 14;
export const LABEL_ROWS = 2;

/** Under the lines. */
export function drawBands(plot: uPlot, { bands, reach }: Picture): void {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const band of bands) {
    const [left, right] = edges(plot, band.span, reach);
    if (right <= left) continue;
    ctx.globalAlpha = 0.13;
    ctx.fillStyle = color(band.color);
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

/** Over the lines. */
export function drawNotes(plot: uPlot, picture: Picture): void {
  plot.ctx.save();
  plot.ctx.font = font(px(1));
  plot.ctx.textAlign = "left";
  if (picture.spotlight) dimOutside(plot, picture.spotlight, picture.reach);
  drawMarks(plot, picture);
  drawTopLabels(plot, picture);
  drawEndLabels(plot, picture);
  plot.ctx.restore();
}

function edges(plot: uPlot, [first, last]: Span, reach = 0.5): [number, number] {
  const { left, width } = plot.bbox;
  const clamp = (x: number) => Math.min(left + width, Math.max(left, x));
  return [clamp(xOf(plot, first - reach)), clamp(xOf(plot, last + reach))];
}

function xOf(plot: uPlot, epoch: number): number {
  return plot.valToPos(epoch, "x", true);
}

function isInside(plot: uPlot, x: number): boolean {
  return x >= plot.bbox.left - 1 && x <= plot.bbox.left + plot.bbox.width + 1;
}

function dimOutside(plot: uPlot, span: Span, reach?: number): void {
  const { ctx, bbox } = plot;
  const [left, right] = edges(plot, span, reach);
  ctx.globalAlpha = 0.65;
  ctx.fillStyle = color("card");
  // A point on the edge of the plot reaches a little beyond it.
  const margin = px(4);
  if (left > bbox.left) {
    ctx.fillRect(bbox.left - margin, bbox.top, left - bbox.left + margin, bbox.height);
  }
  if (right < bbox.left + bbox.width) {
    ctx.fillRect(right, bbox.top, bbox.left + bbox.width - right + margin, bbox.height);
  }
  ctx.globalAlpha = 1;
}

function drawMarks(plot: uPlot, { marks }: Picture): void {
  const { ctx, bbox } = plot;
  ctx.lineWidth = px(1);
  ctx.setLineDash([px(3), px(3)]);
  for (const mark of marks) {
    const x = Math.round(xOf(plot, mark.epoch)) + 0.5;
    if (!isInside(plot, x)) continue;
    ctx.strokeStyle = color(mark.color);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top - px(3));
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

interface Label {
  text: string;
  color: string;
  x: number;
}

/** Labels stand above the plot, in the first row where they do not meet another. */
function drawTopLabels(plot: uPlot, picture: Picture): void {
  const { ctx, bbox } = plot;
  const right = bbox.left + bbox.width;
  const taken: [number, number][][] = Array.from({ length: LABEL_ROWS }, () => []);
  ctx.textBaseline = "alphabetic";
  for (const label of topLabels(plot, picture)) {
    const width = ctx.measureText(label.text).width;
    const left = Math.max(bbox.left, Math.min(label.x - width / 2, right - width));
    const gap = px(8);
    const row = taken.findIndex((spans) =>
      spans.every(([from, to]) => left + width + gap < from || left > to + gap),
    );
    // With more labels than room the last row takes them all; the table says the same.
    const chosen = row < 0 ? LABEL_ROWS - 1 : row;
    taken[chosen]?.push([left, left + width]);
    ctx.fillStyle = color(label.color);
    ctx.fillText(label.text, left, bbox.top - px(5 + chosen * LABEL_ROW));
  }
}

function topLabels(plot: uPlot, { bands, marks, reach }: Picture): Label[] {
  const labels: Label[] = [];
  for (const { epoch, label, color } of marks) {
    const x = xOf(plot, epoch);
    if (isInside(plot, x)) labels.push({ text: label, color, x });
  }
  for (const { span, label, color } of bands) {
    const [left, right] = edges(plot, span, reach);
    if (right > left) labels.push({ text: label, color, x: (left + right) / 2 });
  }
  return labels;
}

/** Names each line where it ends, so that nobody has to look up a legend. */
function drawEndLabels(plot: uPlot, { lines, format }: Picture): void {
  const { ctx, bbox } = plot;
  const ends = lines
    .flatMap((line) => {
      const value = lastVisible(plot, line);
      return value === null ? [] : [{ line, value, y: plot.valToPos(value, "y", true) }];
    })
    .sort((a, b) => a.y - b.y);
  spread(ends, px(13), bbox.top + px(4), bbox.top + bbox.height - px(4));
  ctx.textBaseline = "middle";
  for (const { line, value, y } of ends) {
    ctx.fillStyle = color(line.textColor ?? line.color);
    ctx.fillText(`${line.label} ${format(value)}`, bbox.left + bbox.width + px(9), y);
  }
}

function lastVisible(plot: uPlot, { values }: Line): number | null {
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  const epochs = plot.data[0];
  for (let row = values.length - 1; row >= 0; row--) {
    const epoch = epochs[row] as number;
    const value = values[row];
    if (value != null && epoch >= min && epoch <= max) return value;
  }
  return null;
}

/** Pushes sorted labels apart until they do not overlap, first downwards, then back up. */
function spread(labels: { y: number }[], distance: number, top: number, bottom: number): void {
  let limit = top;
  for (const label of labels) {
    label.y = Math.max(label.y, limit);
    limit = label.y + distance;
  }
  limit = bottom;
  for (const label of [...labels].reverse()) {
    label.y = Math.min(label.y, limit);
    limit = label.y - distance;
  }
}
