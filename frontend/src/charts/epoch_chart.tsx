// A chart over epochs: it follows its box, and the zoom and pointer that all charts of a run share.

import { type Signal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Span, View } from "../view";
import { LABEL_ROW, LABEL_ROWS } from "./labels";
import { type Layout, layout, type Margins, placeOf } from "./layout";
import { boxPath } from "./paths";
import { type Picture, valueAt } from "./picture";
import { Plot } from "./plot";
import { endLabelsWidth } from "./plot_notes";
import type { ValueRange } from "./range_of_values";
import { type Size, useSize } from "./use_size";

interface Props {
  picture: Picture;
  view: View;
  range: ValueRange;
  summary: string;
}

const MARGINS = { top: LABEL_ROWS * LABEL_ROW + 4, bottom: 34, left: 50 };
/** Usual names fit; longer ones get at most a share of the chart. */
const END_LABELS = 116;
const END_LABELS_SHARE = 0.28;

export function EpochChart({ summary, ...props }: Props) {
  const { box, size } = useSize();
  return (
    <div class="plot" ref={box} role="img" aria-label={summary}>
      {size && <Drawn {...props} size={size} />}
    </div>
  );
}

function Drawn({ picture, view, range, size }: Omit<Props, "summary"> & { size: Size }) {
  const zoom = view.zoom.value;
  const selected = useSignal<Span | null>(null);
  const placed = layout(size, margins(picture, size), shownPositions(picture, zoom), range.span);
  const frame = { picture, layout: placed };
  const plot = useMemo(() => <Plot {...frame} />, [picture, size, zoom, range]);
  return (
    <>
      {plot}
      <svg aria-hidden="true" class="pointer" width={size.width} height={size.height}>
        <Selection layout={placed} selected={selected} />
        <Pointer {...frame} view={view} />
      </svg>
      <Over {...frame} view={view} selected={selected} />
    </>
  );
}

function margins(picture: Picture, { width }: Size): Margins {
  const most = Math.max(END_LABELS, END_LABELS_SHARE * width);
  return { ...MARGINS, right: Math.min(most, Math.max(END_LABELS, endLabelsWidth(picture))) };
}

/** First and last position shown; never the same. */
export function shownPositions(
  { epochs, until }: Pick<Picture, "epochs" | "until">,
  zoom: Span | null,
): Span {
  const first = zoom?.[0] ?? epochs[0] ?? 0;
  const last = zoom?.[1] ?? until ?? epochs[epochs.length - 1] ?? 1;
  return first < last ? [first, last] : [first - 1, last + 1];
}

interface Moving {
  picture: Picture;
  layout: Layout;
  view: View;
}

/** The pointer's line stands on the epoch whose values are read out. */
function Pointer({ picture, layout: { x, y, top, bottom }, view }: Moving) {
  const row = view.cursor.value;
  const position = row === null ? undefined : picture.epochs[row];
  if (position === undefined || position < x.domain[0] || position > x.domain[1]) return null;
  const at = x.at(position);
  return (
    <>
      <path d={`M${at} ${top}V${bottom}`} stroke="var(--edge)" />
      {picture.lines.map((line) => {
        const value = valueAt(picture, line, position);
        return (
          value !== null &&
          value <= y.domain[1] && (
            <circle
              key={line.label}
              cx={at}
              cy={y.at(value)}
              r="3.5"
              fill={`var(--${line.color})`}
            />
          )
        );
      })}
    </>
  );
}

interface Selecting {
  layout: Layout;
  selected: Signal<Span | null>;
}

function Selection({ layout: { top, bottom }, selected }: Selecting) {
  const span = selected.value;
  return span && <path class="selection" d={boxPath(ordered(span), [top, bottom])} />;
}

/** Feels the pointer: it moves all charts' pointers, a drag zooms, and a double click shows all again. */
function Over({ picture, layout, view, selected }: Moving & Selecting) {
  const { x, left, right } = layout;
  const at = ({ offsetX }: PointerEvent) => Math.min(right, left + Math.max(0, offsetX));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way is EpochRange
    <div
      class="over"
      style={placeOf(layout)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        selected.value = [at(event), at(event)];
      }}
      onPointerMove={(event) => {
        view.cursor.value = nearest(picture.epochs, x.value(at(event)));
        if (selected.value) selected.value = [selected.value[0], at(event)];
      }}
      onPointerUp={() => {
        zoomTo(selected.value, picture, { x, view });
        selected.value = null;
      }}
      onPointerCancel={() => {
        selected.value = null;
      }}
      onPointerLeave={() => {
        view.cursor.value = null;
      }}
      onDblClick={() => {
        view.zoom.value = null;
      }}
    />
  );
}

/** A hand that shakes while it clicks does not mean to zoom. */
const LEAST_DRAG = 4;

function zoomTo(
  span: Span | null,
  { axisFormat }: Picture,
  { x, view }: Pick<Layout, "x"> & { view: View },
) {
  if (!span) return;
  const [from, to] = ordered(span);
  if (to - from < LEAST_DRAG) return;
  const round = axisFormat ? (position: number) => position : Math.round;
  const [first, last] = [round(x.value(from)), round(x.value(to))];
  if (first < last) view.zoom.value = [first, last];
}

function ordered([a, b]: Span): Span {
  return a < b ? [a, b] : [b, a];
}

function nearest(positions: readonly number[], position: number): number {
  let best = 0;
  positions.forEach((one, row) => {
    if (Math.abs(one - position) < Math.abs((positions[best] as number) - position)) best = row;
  });
  return best;
}
