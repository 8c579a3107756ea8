import { ChartCard } from "../charts/chart_card";
import type { Line, Picture } from "../charts/picture";
import { chosenGroup, GroupChoice } from "../components/group_choice";
import { Nothing } from "../components/nothing";
import { metric } from "../format";
import type { DetailedRun } from "../schema";
import type { View } from "../view";
import { inMetricOrder, metricWord } from "../words";
import { forecastLine, planEnd, targetLines } from "./expected";
import type { Panel, PanelProps } from "./panel";
import { runPicture } from "./run_picture";

export const metrics: Panel = { id: "metrics", place: "charts", Content: Metrics };

type Style = Pick<Line, "color" | "dash" | "width">;

/** Precision, recall and so on look the same on every run; others take the next free style. */
const STYLES: Record<string, Style> = {
  map50_95: { color: "metric-1", width: 2.5 },
  map50: { color: "metric-2", width: 1.5 },
  precision: { color: "metric-3", width: 1.5, dash: [2, 3] },
  recall: { color: "metric-4", width: 1.5, dash: [8, 3] },
  f1: { color: "metric-5", width: 1.5, dash: [8, 3, 2, 3] },
};
const LAST_STYLE: Style = { color: "muted", width: 1.5 };
const SHORT: Record<string, string> = { precision: "P", recall: "R" };

function Metrics({ run, view }: PanelProps) {
  const groups = Object.keys(run.series.metrics);
  const group = chosenGroup(groups, run);
  if (group === undefined || run.series.epoch.length === 0) {
    return (
      <Nothing
        id="metrics"
        title="Metrics"
        why="No metric is recorded in this run's files so far."
      />
    );
  }
  return (
    <ChartCard id="metrics" title="Metrics" picture={picture(run, view, group)} view={view}>
      <GroupChoice label="Metrics of" groups={groups} chosen={group} />
    </ChartCard>
  );
}

function picture(run: DetailedRun, view: View, group: string): Picture {
  return runPicture(run, view, {
    until: planEnd(run, group),
    lines: [...lines(run, group), ...forecastLine(run, group), ...targetLines(run, group)],
    better: "higher",
    format: metric,
  });
}

function lines(run: DetailedRun, group: string): Line[] {
  const values = run.series.metrics[group] ?? {};
  const names = inMetricOrder(Object.keys(values));
  const free = Object.keys(STYLES).filter((name) => !names.includes(name));
  return names.map((name) => ({
    ...(STYLES[name] ?? STYLES[free.shift() ?? ""] ?? LAST_STYLE),
    label: SHORT[name] ?? metricWord(name),
    values: values[name] ?? [],
  }));
}
