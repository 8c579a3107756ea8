// What is expected of a metric beyond what was measured: the forecast of its end, and the user's targets.

import type { Line } from "../charts/picture";
import type { DetailedRun } from "../schema";
import { metricWord } from "../words";

/** The last planned epoch where there is a forecast of it. */
export function planEnd(run: DetailedRun, group: string): number | null {
  const { forecast } = run;
  const last = run.epochs.last;
  if (!forecast || last === null || forecast.metric.split(" ")[0] !== group) return null;
  return last + forecast.epochs_left;
}

/** From where the metric stands to where it will be, and between which values four of five such runs end. */
export function forecastLine(run: DetailedRun, group: string): Line[] {
  const { forecast } = run;
  const end = planEnd(run, group);
  if (!forecast || end === null) return [];
  const { now, expected, interval } = forecast;
  return [
    {
      label: "expected",
      at: [run.epochs.last as number, end],
      values: [now, expected],
      band: { low: [now, interval[0]], high: [now, interval[1]] },
      color: "metric-1",
      width: 1.5,
      dash: [2, 4],
    },
  ];
}

/** A line at each target of the whole model that this run can be held against, with its range. */
export function targetLines(run: DetailedRun, group: string): Line[] {
  const end = planEnd(run, group);
  const at = end === null ? run.series.epoch : [...run.series.epoch, end];
  if (run.main_metric?.group !== group) return [];
  const targets = run.targets.filter((one) => one.class === null && one.value !== null);
  return targets.map(({ metric, target, upper }) => ({
    label: targets.length === 1 ? "target" : `target ${metricWord(metric)}`,
    at,
    values: at.map(() => target),
    band: { low: at.map(() => target), high: at.map(() => upper) },
    color: "muted",
    width: 1,
    dash: [6, 3],
  }));
}
