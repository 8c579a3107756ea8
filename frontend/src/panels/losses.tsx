import { ChartCard } from "../charts/chart_card";
import { evidence, onsetBand, runMarks } from "../charts/marks";
import type { Line, Picture, Values } from "../charts/picture";
import { Choice } from "../components/choice";
import { lossFormat } from "../format";
import { go, place } from "../place";
import type { DetailedRun } from "../schema";
import { shownFinding, type View } from "../view";
import { capital, lossWord } from "../words";
import type { Panel, PanelProps } from "./panel";

export const losses: Panel = { id: "losses", place: "charts", Content: Losses };

const TOTAL = "total";
const DASH = [6, 4];

function Losses({ run, view }: PanelProps) {
  const names = lossNames(run);
  const name = chosenLoss(run, view, names);
  if (name === undefined || run.series.epoch.length === 0) {
    return (
      <section class="card">
        <h2>Loss</h2>
        <p class="muted">No loss is recorded in this run's files so far.</p>
      </section>
    );
  }
  const title = name === TOTAL ? "Total loss" : capital(lossWord(name));
  return (
    <ChartCard id="losses" title={title} picture={picture(run, view, name)} view={view}>
      {names.length > 1 && (
        <Choice
          label="Loss component"
          options={names.map((value) => ({ value, text: value }))}
          value={name}
          choose={(value) => go({ loss: value }, "replace")}
        />
      )}
    </ChartCard>
  );
}

/** The total first where it is more than one component, then each component of either side. */
function lossNames({ series, totals }: DetailedRun): string[] {
  const components = [...new Set([...Object.keys(series.train), ...Object.keys(series.val)])];
  const hasTotal = components.length > 1 && (totals.train !== null || totals.val !== null);
  return hasTotal ? [TOTAL, ...components] : components;
}

/** What the user chose, else what the shown finding or the overfitting verdict is about. */
function chosenLoss(run: DetailedRun, view: View, names: readonly string[]): string | undefined {
  const wishes = [
    place.value.loss,
    shownFinding(run, view)?.evidence.component,
    run.overfitting.component,
  ];
  const wish = wishes.find((name) => typeof name === "string" && names.includes(name));
  return typeof wish === "string" ? wish : names[0];
}

function picture(run: DetailedRun, view: View, name: string): Picture {
  const { epoch, train, val } = run.series;
  const ofTrain = name === TOTAL ? run.totals.train : train[name];
  const ofVal = name === TOTAL ? run.totals.val : val[name];
  const lines: Line[] = [];
  if (ofTrain) lines.push(trainLine(ofTrain));
  if (ofVal) lines.push(valLine(ofVal));
  const { spotlight, band } = evidence(run, view);
  return {
    axis: run.axis,
    epochs: epoch,
    lines,
    gap: lines.length === 2,
    bands: spotlight ? band : onsetBand(run),
    marks: runMarks(run),
    spotlight,
    better: "lower",
    format: lossFormat(lines.flatMap(({ values }) => values)),
  };
}

const trainLine = (values: Values): Line => ({ label: "train", values, color: "train", width: 2 });

const valLine = (values: Values): Line => ({
  label: "val",
  values,
  color: "val",
  textColor: "val-text",
  width: 2,
  dash: DASH,
});
