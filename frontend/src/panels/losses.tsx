import { ChartCard } from "../charts/chart_card";
import { onsetBand } from "../charts/marks";
import type { Line, Picture, Values } from "../charts/picture";
import { Choice } from "../components/choice";
import { Nothing } from "../components/nothing";
import { lossFormat } from "../format";
import { go, place } from "../place";
import type { DetailedRun } from "../schema";
import { shownFinding, type View } from "../view";
import { capital, lossWord } from "../words";
import type { Panel, PanelProps } from "./panel";
import { runPicture } from "./run_picture";

export const losses: Panel = { id: "losses", place: "charts", Content: Losses };

const TOTAL = "total";
const DASH = [6, 4];

function Losses({ run, view }: PanelProps) {
  const names = lossNames(run);
  const name = chosenLoss(run, view, names);
  if (name === undefined || run.series.epoch.length === 0) {
    return (
      <Nothing id="losses" title="Loss" why="No loss is recorded in this run's files so far." />
    );
  }
  return (
    <ChartCard
      id="losses"
      title={lossTitle(name)}
      picture={lossPicture(run, view, name)}
      view={view}
    >
      {names.length > 1 && (
        <Choice
          label="Loss component"
          options={names.map((value) => ({ value, text: value }))}
          value={name}
          choose={chooseLoss}
        />
      )}
    </ChartCard>
  );
}

export const lossTitle = (name: string): string =>
  name === TOTAL ? "Total loss" : capital(lossWord(name));

export const chooseLoss = (loss: string): void => go({ loss }, "replace");

/** The total first where it is more than one component, then each component of either side. */
export function lossNames({ series, totals }: DetailedRun): string[] {
  const components = [...new Set([...Object.keys(series.train), ...Object.keys(series.val)])];
  const hasTotal = components.length > 1 && (totals.train !== null || totals.val !== null);
  return hasTotal ? [TOTAL, ...components] : components;
}

/** What the user chose, else what the shown finding or the overfitting verdict is about. */
export function chosenLoss(
  run: DetailedRun,
  view: View,
  names: readonly string[],
): string | undefined {
  const wishes = [
    place.value.loss,
    shownFinding(run, view)?.evidence.component,
    run.overfitting.component,
  ];
  const wish = wishes.find((name) => typeof name === "string" && names.includes(name));
  return typeof wish === "string" ? wish : names[0];
}

export function lossPicture(run: DetailedRun, view: View, name: string): Picture {
  const { train, val } = run.series;
  const ofTrain = name === TOTAL ? run.totals.train : train[name];
  const ofVal = name === TOTAL ? run.totals.val : val[name];
  const lines: Line[] = [];
  if (ofTrain) lines.push({ ...trainLine(ofTrain), broken: broken(run, "train", ofTrain) });
  if (ofVal) lines.push({ ...valLine(ofVal), broken: broken(run, "val", ofVal) });
  return runPicture(run, view, {
    lines,
    gap: lines.length === 2,
    bands: onsetBand(run),
    better: "lower",
    format: lossFormat(lines.flatMap(({ values }) => values)),
  });
}

/** The rows in which this loss is NaN or infinite rather than missing. */
function broken({ series }: DetailedRun, side: string, values: Values): number[] {
  return (series.not_finite[side] ?? []).filter((row) => values[row] === null);
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
