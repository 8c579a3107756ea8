import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { View } from "../view";
import { EpochChart } from "./epoch_chart";
import { EpochRange } from "./epoch_range";
import { EpochTable } from "./epoch_table";
import { describe, type Picture } from "./picture";

interface Props {
  id: string;
  title: string;
  picture: Picture;
  view: View;
  /** Controls beside the title. */
  children?: ComponentChildren;
  /** What the values are. */
  note?: ComponentChildren;
}

/** A chart over epochs with its title, the values under the pointer, its zoom, and itself as a table. */
export function ChartCard({ id, title, picture, view, children, note }: Props) {
  const [asTable, setAsTable] = useState(false);
  return (
    <section class="card chart" id={id} aria-labelledby={`${id}-title`}>
      <header class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {children}
        <div class="card-tools">
          <EpochRange picture={picture} view={view} />
          <button
            type="button"
            class="quiet"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            View as table
          </button>
        </div>
      </header>
      {note}
      {asTable ? (
        <EpochTable picture={picture} />
      ) : (
        <>
          <Readout picture={picture} view={view} />
          <EpochChart picture={picture} view={view} summary={`${title}: ${describe(picture)}`} />
        </>
      )}
    </section>
  );
}

/** The values of the epoch under the pointer, else of the last one shown. */
function Readout({ picture, view }: { picture: Picture; view: View }) {
  const { axis, epochs, lines, gap, format } = picture;
  const lastShown = view.zoom.value?.[1] ?? Number.POSITIVE_INFINITY;
  const row = view.cursor.value ?? epochs.filter((epoch) => epoch <= lastShown).length - 1;
  const [upper, lower] = lines.map(({ values }) => values[row] ?? null);
  return (
    <p class="readout">
      <span>
        {axis} {epochs[row]}
      </span>
      {lines.map(({ label, color, textColor = color, values }) => (
        <span key={label} style={{ color: `var(--${textColor})` }}>
          {label} {format(values[row])}
        </span>
      ))}
      {gap && upper != null && lower != null && (
        <span class="muted">gap {format(lower - upper)}</span>
      )}
    </p>
  );
}
