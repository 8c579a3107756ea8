import { ChartCard } from "../charts/chart_card";
import { evidence, runMarks } from "../charts/marks";
import type { Line, Picture } from "../charts/picture";
import { Choice } from "../components/choice";
import { metric } from "../format";
import { go, place } from "../place";
import type { DetailedRun } from "../schema";
import type { View } from "../view";
import { groupWord, metricWord } from "../words";
import type { Panel, PanelProps } from "./panel";

export const metrics: Panel = { id: "metrics", place: "charts", Content: Metrics };

/** Precision, recall and so on look the same on every run; others take the next free style. */
const STYLES: Record<string, Pick<Line, "color" | "dash" | "width">> = {
  map50_95: { color: "metric-1", width: 2.5 },
  map50: { color: "metric-2", width: 1.5 },
  precision: { color: "metric-3", width: 1.5, dash: [2, 3] },
  recall: { color: "metric-4", width: 1.5, dash: [8, 3] },
  f1: { color: "metric-5", width: 1.5, dash: [8, 3, 2, 3] },
};
const OTHERS = Object.values(STYLES);
const SHORT: Record<string, string> = { precision: "P", recall: "R" };

function Metrics({ run, view }: PanelProps) {
  const groups = Object.keys(run.series.metrics);
  const chosen = [place.value.group, run.main_metric?.group].find((g) => g && groups.includes(g));
  const group = chosen ?? groups[0];
  if (group === undefined) {
    return (
      <section class="card">
        <h2>Metrics</h2>
        <p class="muted">No metric is recorded in this run's files.</p>
      </section>
    );
  }
  return (
    <ChartCard id="metrics" title="Metrics" picture={picture(run, view, group)} view={view}>
      {groups.length > 1 && (
        <Choice
          label="Metrics of"
          options={groups.map((value) => ({ value, text: groupWord(value) }))}
          value={group}
          choose={(value) => go({ group: value }, "replace")}
        />
      )}
    </ChartCard>
  );
}

function picture(run: DetailedRun, view: View, group: string): Picture {
  const { spotlight, band } = evidence(run, view);
  return {
    axis: run.axis,
    epochs: run.series.epoch,
    lines: lines(run, group),
    gap: false,
    bands: band,
    marks: runMarks(run),
    spotlight,
    better: "higher",
    format: metric,
  };
}

/** In the order of STYLES, which puts the metric that ranks runs first. */
function lines(run: DetailedRun, group: string): Line[] {
  const values = run.series.metrics[group] ?? {};
  const known = Object.keys(STYLES).filter((name) => name in values);
  const others = Object.keys(values).filter((name) => !(name in STYLES));
  const free = OTHERS.filter((style) => !known.some((name) => STYLES[name] === style));
  return [...known, ...others].map((name, index) => ({
    ...(STYLES[name] ?? free[(index - known.length) % free.length] ?? OTHERS[0]),
    label: SHORT[name] ?? metricWord(name),
    values: values[name] ?? [],
  })) as Line[];
}
