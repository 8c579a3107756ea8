// The columns of the table of all epochs: every value that a run logged, in one order.

import type { Values } from "../charts/picture";
import { duration, type Format, lossFormat, metric, number } from "../format";
import type { DetailedRun } from "../schema";
import { groupWord, inMetricOrder, metricWord } from "../words";

export interface Column {
  title: string;
  values: Values;
  format: Format;
  better: "higher" | "lower" | null;
  /** The rows of its best and worst value, -1 where nothing is. */
  best: number;
  worst: number;
}

type Better = Column["better"];

/** Nothing is the best of a learning rate, nor of values that are all the same. */
function column(title: string, values: Values, format: Format, better: Better = null): Column {
  const [low, high] = better ? extremes(values) : [-1, -1];
  const [best, worst] = better === "higher" ? [high, low] : [low, high];
  return { title, values, format, better, best, worst };
}

export function epochColumns({ series, totals, pace }: DetailedRun): Column[] {
  return [
    ...losses("train", series.train, totals.train),
    ...losses("val", series.val, totals.val),
    ...metrics(series.metrics),
    ...Object.entries(series.lr).map(([name, values]) => column(name, values, number)),
    ...(pace ? [column("time", pace.seconds, duration)] : []),
  ];
}

function losses(side: string, parts: Record<string, Values>, total: Values | null): Column[] {
  const named = Object.entries(parts);
  const all: [string, Values][] = total && named.length > 1 ? [...named, ["total", total]] : named;
  return all.map(([name, values]) =>
    column(`${side} ${name}`, values, lossFormat(values), "lower"),
  );
}

function metrics(groups: DetailedRun["series"]["metrics"]): Column[] {
  const named = Object.keys(groups).length > 1;
  return Object.entries(groups).flatMap(([group, values]) =>
    inMetricOrder(Object.keys(values)).map((name) => {
      const title = named ? `${groupWord(group)} ${metricWord(name)}` : metricWord(name);
      return column(title, values[name] ?? [], metric, "higher");
    }),
  );
}

/** The rows of the lowest and the highest value. */
function extremes(values: Values): [number, number] {
  let low = -1;
  let high = -1;
  values.forEach((value, row) => {
    if (value === null) return;
    if (low < 0 || value < (values[low] as number)) low = row;
    if (high < 0 || value > (values[high] as number)) high = row;
  });
  return values[low] === values[high] ? [-1, -1] : [low, high];
}
