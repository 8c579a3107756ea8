// A chart over the confidence from 0 to 1. A click chooses the confidence under the pointer.

import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Span } from "../view";
import { LABEL_ROW, LABEL_ROWS } from "./labels";
import { type Layout, layout, placeOf } from "./layout";
import type { Picture } from "./picture";
import { Plot } from "./plot";
import { useSize } from "./use_size";

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

/** The slider below the plot and the line in it reach from one end of its axis to the other: threshold.css knows these. */
const MARGINS = { top: LABEL_ROWS * LABEL_ROW + 6, right: 40, bottom: 34, left: 50 };
const WHOLE: Span = [0, 1];
const STEPS = { x: 0.1, y: 0.2 };

export function ConfidenceChart({ picture, summary, at, choose }: Props) {
  const { box, size } = useSize();
  const position = useComputed(() => `--at: ${at.value}`);
  const placed = size && layout(size, MARGINS, WHOLE, WHOLE);
  const plot = useMemo(
    () =>
      placed && (
        <Plot picture={picture} layout={placed} steps={STEPS} endLabels={false}>
          <Interval interval={picture.interval} layout={placed} />
        </Plot>
      ),
    [picture, size],
  );
  return (
    <div class="over-confidence" role="img" aria-label={summary}>
      <div class="plot" ref={box}>
        {plot}
        {placed && <Over layout={placed} choose={choose} />}
      </div>
      <i class="chosen-confidence" style={position} />
    </div>
  );
}

function Over({ layout, choose }: Pick<Props, "choose"> & { layout: Layout }) {
  const { x, left } = layout;
  return (
    // biome-ignore lint/a11y: the keyboard's way is the slider below
    <div
      class="over"
      style={placeOf(layout)}
      onClick={({ offsetX }) => choose(x.value(left + offsetX))}
    />
  );
}

function Interval({ interval, layout: { x, bottom } }: { interval: Span | null; layout: Layout }) {
  if (!interval) return null;
  const [low, high] = interval.map(x.at) as [number, number];
  const y = bottom - 8;
  return (
    <path
      d={`M${low} ${y}H${high}M${low} ${y - 4}v8M${high} ${y - 4}v8`}
      stroke="var(--ok)"
      stroke-width={2}
    />
  );
}
