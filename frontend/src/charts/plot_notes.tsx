// What is written and marked on a chart: events, labels at the ends of lines, what is not looked at.

import type { Span } from "../view";
import { fitted, LABEL_ROW, placeTopLabels, spread, type TopLabel, widthOf } from "./labels";
import { edges, isInside, type Layout } from "./layout";
import { boxPath } from "./paths";
import { type Line, type Picture, positionsOf } from "./picture";

interface Props {
  picture: Picture;
  layout: Layout;
}

/** Dims what is outside of the spotlight. */
export function Spotlight({ picture: { spotlight, reach }, layout }: Props) {
  if (!spotlight) return null;
  const { left, right, top, bottom } = layout;
  // A point on the edge of the plot reaches a little beyond it.
  const margin = 4;
  const [from, to] = edges(layout, spotlight, reach) ?? [left, left];
  const reached: Span = [top, bottom + margin];
  const dimmed = [
    from > left && boxPath([left - margin, from], reached),
    to < right && boxPath([to, right + margin], reached),
  ];
  return <path d={dimmed.filter(Boolean).join("")} fill="var(--card)" fill-opacity={0.65} />;
}

export function Marks({ picture: { marks }, layout }: Props) {
  const { top, bottom, x } = layout;
  return (
    <g stroke-dasharray="3 3">
      {marks.map(({ epoch, label, color }) => {
        const at = Math.round(x.at(epoch)) + 0.5;
        return (
          isInside(layout, at) && (
            <path key={label} d={`M${at} ${top - 3}V${bottom}`} stroke={`var(--${color})`} />
          )
        );
      })}
    </g>
  );
}

export function TopLabels({ picture, layout }: Props) {
  const { left, right, top } = layout;
  return (
    <>
      {placeTopLabels(topLabels(picture, layout), [left, right]).map((label) => (
        <text
          key={label.text}
          x={label.left}
          y={top - 5 - label.row * LABEL_ROW}
          fill={`var(--${label.color})`}
        >
          {label.text}
        </text>
      ))}
    </>
  );
}

function topLabels({ marks, bands, reach }: Picture, layout: Layout): TopLabel[] {
  const ofMarks = marks
    .map(({ epoch, label, color }) => ({ text: label, color, x: layout.x.at(epoch) }))
    .filter(({ x }) => isInside(layout, x));
  const ofBands = bands.flatMap(({ span, label, color }) => {
    const ends = edges(layout, span, reach);
    return ends && label ? [{ text: label, color, x: (ends[0] + ends[1]) / 2 }] : [];
  });
  return [...ofMarks, ...ofBands];
}

const BESIDE = 9;

/** The room that the names of lines ask for beside the plot. */
export function endLabelsWidth({ lines, format }: Picture): number {
  const widths = lines.map(({ label, values }) =>
    widthOf(`${label} ${format(values.filter((value) => value !== null).pop())}`),
  );
  return BESIDE + Math.ceil(Math.max(0, ...widths));
}

/** Names each line where it ends, so that nobody has to look up a legend. */
export function EndLabels({ picture, layout }: Props) {
  const { top, bottom, right, width, y } = layout;
  const room = width - right - BESIDE;
  const ends = picture.lines.flatMap((line) => {
    const value = lastShown(picture, line, layout);
    return value === null ? [] : [{ line, value, y: Math.max(top, y.at(value)) }];
  });
  return (
    <>
      {spread(ends, [top + 4, bottom - 4]).map(({ line, value, y }) => (
        <text
          key={line.label}
          x={right + BESIDE}
          y={y + 4}
          fill={`var(--${line.textColor ?? line.color})`}
        >
          {endText(line.label, ` ${picture.format(value)}`, room)}
        </text>
      ))}
    </>
  );
}

/** A name that is too long loses its end, the value never does. */
function endText(label: string, value: string, room: number): string {
  return fitted(label, room - widthOf(value)) + value;
}

function lastShown(picture: Picture, line: Line, { x }: Layout): number | null {
  const [first, last] = x.domain;
  const positions = positionsOf(picture, line);
  for (let row = line.values.length - 1; row >= 0; row--) {
    const position = positions[row] as number;
    const value = line.values[row];
    if (value != null && position >= first && position <= last) return value;
  }
  return null;
}
