import { useMemo } from "preact/hooks";
import { EpochChart, shownPositions } from "../charts/epoch_chart";
import { describe } from "../charts/picture";
import { rangeOfValues } from "../charts/range_of_values";
import { Card } from "../components/card";
import { chooseLoss, chosenLoss, lossNames, lossPicture, lossTitle } from "./losses";
import type { Panel, PanelProps } from "./panel";

export const lossParts: Panel = { id: "loss-parts", place: "charts", Content: LossParts };

/** Every loss in a small chart, with the pointer and the zoom of the large one. */
function LossParts({ run, view }: PanelProps) {
  const names = lossNames(run);
  if (names.length < 2 || run.series.epoch.length === 0) return null;
  const chosen = chosenLoss(run, view, names);
  return (
    <Card id="loss-parts" title="Every loss">
      <div class="small-charts">
        {names.map((name) => (
          <LossPart key={name} name={name} chosen={name === chosen} run={run} view={view} />
        ))}
      </div>
    </Card>
  );
}

function LossPart({ run, view, name, chosen }: PanelProps & { name: string; chosen: boolean }) {
  const picture = useMemo(() => lossPicture(run, view, name), [run, view, view.shown.value, name]);
  const shown = shownPositions(picture, view.zoom.value);
  const range = useMemo(() => rangeOfValues(picture, shown, false), [picture, ...shown]);
  const title = lossTitle(name);
  return (
    <div>
      <h3>
        <button
          type="button"
          class="quiet"
          aria-pressed={chosen}
          title="Show it large"
          onClick={() => chooseLoss(name)}
        >
          {title}
        </button>
      </h3>
      <EpochChart
        picture={picture}
        view={view}
        range={range}
        summary={`${title}: ${describe(picture)}`}
      />
    </div>
  );
}
