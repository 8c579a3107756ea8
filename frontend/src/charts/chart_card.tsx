import type { ComponentChildren } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { Toggle } from "../components/toggle";
import { count } from "../format";
import { openedRun } from "../place";
import type { View } from "../view";
import { capital } from "../words";
import { ChartMenu } from "./chart_menu";
import { EpochChart, shownPositions } from "./epoch_chart";
import { EpochRange } from "./epoch_range";
import { EpochTable } from "./epoch_table";
import { describe, type Picture } from "./picture";
import { rangeOfValues, type ValueRange } from "./range_of_values";
import { Readout } from "./readout";
import { SMOOTH_WORD } from "./smooth";

interface Props {
  id: string;
  title: string;
  picture: Picture;
  view: View;
  /** Whose values they are, as a saved chart says it; the opened run's where not given. */
  of?: string;
  /** Controls beside the title. */
  children?: ComponentChildren;
  /** What the values are. */
  note?: ComponentChildren;
}

/** A chart over epochs with its title, the values under the pointer, its zoom, and itself as a table or file. */
export function ChartCard({ id, title, picture: raw, view, of, children, note }: Props) {
  const card = useRef<HTMLElement>(null);
  const [asTable, setAsTable] = useState(false);
  const [smooth, setSmooth] = useState(false);
  const [whole, setWhole] = useState(false);
  const picture = useMemo(() => ({ ...raw, smooth }), [raw, smooth]);
  const shown = shownPositions(picture, view.zoom.value);
  const clipped = useMemo(() => rangeOfValues(picture, shown, false), [raw, ...shown]);
  const range = whole ? rangeOfValues(picture, shown, true) : clipped;
  const owner = of ?? openedRun.value ?? "";
  const notes = [smooth && SMOOTH_WORD, aboveText(range, picture)].filter((one) => one !== false);
  return (
    <section class="card chart" id={id} aria-labelledby={`${id}-title`} ref={card}>
      <header class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {children}
        <div class="card-tools">
          <EpochRange picture={picture} view={view} />
          <Toggle text="Smooth" on={smooth} set={setSmooth} />
          <Toggle text="View as table" on={asTable} set={setAsTable} />
          <ChartMenu
            name={`${owner}-${title}`}
            caption={{ title, notes: [owner, ...notes] }}
            picture={picture}
            drawn={() => card.current?.querySelector<SVGSVGElement>("svg.drawing")}
          />
        </div>
      </header>
      {note}
      {asTable ? (
        <EpochTable picture={picture} />
      ) : (
        <>
          <Readout picture={picture} view={view} />
          <EpochChart
            picture={picture}
            view={view}
            range={range}
            summary={`${title}: ${describe(picture)}`}
          />
          <p class="muted chart-notes">
            {notes.map((one) => (
              <span key={one}>{capital(one)}.</span>
            ))}
            {clipped.above.length > 0 && <Toggle text="Whole range" on={whole} set={setWhole} />}
          </p>
        </>
      )}
    </section>
  );
}

function aboveText({ above }: ValueRange, { format }: Picture): string | false {
  const highest = above[above.length - 1];
  if (highest === undefined) return false;
  return `${count(above.length, "value")} above the axis, up to ${format(highest)}`;
}
