import type { Layout } from "./layout";
import type { Picture } from "./picture";
import { niceStep, ticks, tickText } from "./scale";

/** Pixels between what is written along an axis, at least. */
const APART = { x: 56, y: 26 };

interface Props {
  picture: Picture;
  layout: Layout;
  steps: { x: number; y: number } | undefined;
}

/** The grid with its numbers, and what the positions are. */
export function PlotAxes({ picture, layout, steps = fitting(picture, layout) }: Props) {
  const { x, y, left, right, top, bottom, height } = layout;
  const across = ticks(x.domain, steps.x);
  const up = ticks(y.domain, steps.y);
  const grid = [
    ...across.map((tick) => `M${Math.round(x.at(tick)) + 0.5} ${top}V${bottom}`),
    ...up.map((tick) => `M${left} ${Math.round(y.at(tick)) + 0.5}H${right}`),
  ];
  return (
    <g fill="var(--muted)">
      <path d={grid.join("")} stroke="var(--grid)" />
      {across.map((tick) => (
        <text key={tick} x={x.at(tick)} y={bottom + 15} text-anchor="middle">
          {tickText(tick, steps.x)}
        </text>
      ))}
      {up.map((tick) => (
        <text key={tick} x={left - 6} y={y.at(tick) + 4} text-anchor="end">
          {tickText(tick, steps.y)}
        </text>
      ))}
      <text x={(left + right) / 2} y={height - 4} text-anchor="middle">
        {picture.axisTitle ?? picture.axis}
      </text>
    </g>
  );
}

/** Epochs are whole. */
function fitting({ axisFormat }: Picture, { x, y }: Layout): { x: number; y: number } {
  const step = niceStep(length(x.domain), length(x.range) / APART.x);
  return {
    x: axisFormat ? step : Math.max(1, step),
    y: niceStep(length(y.domain), length(y.range) / APART.y),
  };
}

function length([from, to]: readonly [number, number]): number {
  return Math.abs(to - from);
}
