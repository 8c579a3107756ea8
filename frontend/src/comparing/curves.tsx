// The same quantity of all runs in one chart, over epochs, hours or the share of the training.

import { useMemo } from "preact/hooks";
import { ChartCard } from "../charts/chart_card";
import type { Line, Mark, Picture, Values } from "../charts/picture";
import { Choice } from "../components/choice";
import { lossFormat, metric } from "../format";
import { go, place } from "../place";
import type { DetailedRun } from "../schema";
import { sortBy } from "../sort";
import { createView } from "../view";
import { inMetricOrder, lossWord, metricOf } from "../words";
import type { Contender } from "./contender";

interface Quantity {
  value: string;
  text: string;
  better: "higher" | "lower";
  loss: boolean;
  of: (run: DetailedRun) => Values | null | undefined;
}

interface Axis {
  value: string;
  text: string;
  word: string;
  title: string;
  format: (position: number) => string;
  at: (run: DetailedRun) => number[] | null;
}

const AXES: readonly Axis[] = [
  {
    value: "epochs",
    text: "Epochs",
    word: "epoch",
    title: "epoch",
    format: String,
    at: ({ series }) => series.epoch,
  },
  {
    value: "hours",
    text: "Hours",
    word: "hour",
    title: "hours of training",
    format: (hours) => hours.toFixed(2),
    at: ({ series }) => hours(series.seconds),
  },
  {
    value: "share",
    text: "Share",
    word: "at",
    title: "share of the training",
    format: (share) => `${Math.round(100 * share)} %`,
    at: ({ series: { epoch } }) => epoch.map((_, row) => (row + 1) / epoch.length),
  },
];

interface Props {
  all: readonly Contender[];
  /** Why their losses mean different things. */
  lossesApart: readonly string[];
}

export function Curves({ all, lossesApart }: Props) {
  const view = useMemo(createView, []);
  const quantities = quantitiesOf(all);
  const quantity = quantities.find(({ value }) => value === place.value.loss) ?? quantities[0];
  const axis = AXES.find(({ value }) => value === place.value.x) ?? (AXES[0] as Axis);
  if (!quantity) return null;
  const choose = (key: "loss" | "x") => (value: string) => {
    view.zoom.value = null;
    go({ [key]: value }, "replace");
  };
  const missing = all.filter(({ run }) => run && !(quantity.of(run) && axis.at(run)));
  return (
    <ChartCard
      id="curves"
      title={quantity.text}
      of={all.map(({ short }) => short).join(", ")}
      picture={picture(all, quantity, axis)}
      view={view}
      note={
        <>
          {quantity.loss && lossesApart.length > 0 && (
            <p class="notice warning">
              {`These losses mean different things (${lossesApart.join("; ")}): compare where each turns, not how high it is.`}
            </p>
          )}
          {missing.length > 0 && (
            <p class="muted">Not recorded by {missing.map(({ short }) => short).join(", ")}.</p>
          )}
        </>
      }
    >
      <label>
        <span class="unseen">What is drawn</span>
        <select
          value={quantity.value}
          onChange={({ currentTarget }) => choose("loss")(currentTarget.value)}
        >
          {quantities.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <Choice label="Drawn over" options={AXES} value={axis.value} choose={choose("x")} />
    </ChartCard>
  );
}

function picture(all: readonly Contender[], quantity: Quantity, axis: Axis): Picture {
  const lines = all.flatMap((one) => lineOf(one, quantity, axis) ?? []);
  const positions = new Set(lines.flatMap(({ at }) => at ?? []));
  const values = lines.flatMap((line) => line.values);
  return {
    axis: axis.word,
    axisTitle: axis.title,
    axisFormat: axis.format,
    epochs: [...positions].sort((a, b) => a - b),
    lines,
    gap: false,
    bands: [],
    marks: all.flatMap((one) => (lineOf(one, quantity, axis) && bestOf(one, axis)) ?? []),
    spotlight: null,
    better: quantity.better,
    format: quantity.better === "higher" ? metric : lossFormat(values),
  };
}

function lineOf(one: Contender, quantity: Quantity, axis: Axis): Line | null {
  const values = one.run && quantity.of(one.run);
  const at = one.run && axis.at(one.run);
  if (!values || !at) return null;
  const { short: label, color, dash } = one;
  return { label, values, at, color, width: 2, ...(dash ? { dash } : {}) };
}

/** Where the best epoch of a run lies. */
function bestOf({ run, short, color }: Contender, axis: Axis): Mark | null {
  const best = run?.epochs.best;
  const epoch = run && best != null && axis.at(run)?.[run.series.epoch.indexOf(best)];
  return epoch == null || epoch === false ? null : { epoch, color, label: `★ ${short} ${best}` };
}

/** What any of the runs has: its metrics first, those by which it is judged before others. */
function quantitiesOf(all: readonly Contender[]): Quantity[] {
  const runs = all.flatMap(({ run }) => run ?? []);
  const measuredBy = (group: string) => runs.filter(({ series }) => series.metrics[group]).length;
  const groups = runs.flatMap(({ main_metric: main }) => main?.group ?? []);
  const group =
    sortBy(
      [...groups, ...runs.flatMap(({ series }) => Object.keys(series.metrics))],
      measuredBy,
      "descending",
    )[0] ?? "";
  const metrics = inMetricOrder(
    runs.flatMap(({ series }) => Object.keys(series.metrics[group] ?? {})),
  );
  const losses = (side: "train" | "val") => [
    ...new Set(runs.flatMap(({ series }) => Object.keys(series[side]))),
  ];
  const rates = new Set(runs.flatMap(({ series }) => Object.keys(series.lr)));
  return [
    ...metrics.map((name) =>
      higher(name, metricOf(group, name), ({ series }) => series.metrics[group]?.[name]),
    ),
    lower("val", "Validation loss, total", ({ totals }) => totals.val),
    lower("train", "Training loss, total", ({ totals }) => totals.train),
    ...SIDES.flatMap(([side, word]) =>
      losses(side).map((name) =>
        lower(`${side}/${name}`, `${word} ${lossWord(name)}`, ({ series }) => series[side][name]),
      ),
    ),
    ...[...rates].map((name) =>
      lower(`lr/${name}`, `Learning rate ${name}`, ({ series }) => series.lr[name]),
    ),
  ].filter(({ of }) => runs.some((run) => of(run)));
}

const SIDES = [
  ["val", "Validation"],
  ["train", "Training"],
] as const;

const higher = (value: string, text: string, of: Quantity["of"]): Quantity => ({
  value,
  text,
  better: "higher",
  loss: false,
  of,
});

const lower = (value: string, text: string, of: Quantity["of"]): Quantity => ({
  value,
  text,
  better: "lower",
  loss: !value.startsWith("lr/"),
  of,
});

/** Unknown where the clock is, or where it went back. */
function hours(seconds: readonly (number | null)[] | null): number[] | null {
  const known = seconds?.filter((value) => value !== null) ?? [];
  const rises = known.every((value, row) => row === 0 || value > (known[row - 1] as number));
  return seconds && rises && known.length === seconds.length
    ? known.map((value) => value / 3600)
    : null;
}
