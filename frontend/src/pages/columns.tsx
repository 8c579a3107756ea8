// The columns of the Runs page, each with what it shows, sorts by and exports.

import type { ComponentChildren } from "preact";
import { Sparkline } from "../charts/sparkline";
import { AgainstMark } from "../components/against_mark";
import { Age, Missing } from "../components/facts";
import { HealthMark } from "../components/verdict";
import { between, confidence, duration, grouped, metric } from "../format";
import { kept } from "../kept";
import { place } from "../place";
import type { DataGroup, MainMetric, TableRow } from "../schema";
import type { Direction } from "../sort";
import { LEVELS, metricOf } from "../words";
import type { Differences } from "./runs/baseline";

type Value = string | number | null;

/** What all rows have in common, and what is told of them elsewhere in the answer. */
export interface Context {
  /** The metric all rows are ranked by, or null when they differ. */
  shared: string | null;
  baseline: string | null;
  differences: Differences;
  data: readonly DataGroup[];
}

export interface Column {
  key: string;
  title: string;
  /** What the title stands for, where it is short. */
  hint?: string;
  /** In pixels. */
  width: number;
  numeric?: boolean;
  /** Where a first click on the header starts; the better or newer end. */
  first: Direction;
  order: (row: TableRow, context: Context) => Value;
  cell: (row: TableRow, context: Context) => ComponentChildren;
  /** What an export writes, where that is more or other than what it sorts by; units are in the names. */
  exported?: (row: TableRow, context: Context) => Record<string, Value>;
}

const SEVEREST_FIRST = Object.keys(LEVELS);

/** The name's own cell spans both lines of a row, so the table draws it itself. */
export const NAME = {
  key: "name",
  title: "Run",
  first: "ascending",
  order: ({ name }) => name,
} satisfies Omit<Column, "cell" | "width">;

/** A column of texts, which it also sorts by. */
function said(
  key: string,
  title: string,
  width: number,
  text: (row: TableRow) => string | null,
): Column {
  return {
    key,
    title,
    width,
    first: "ascending",
    order: text,
    cell: (row) => <Text text={text(row)} />,
  };
}

export const COLUMNS: readonly Column[] = [
  {
    key: "health",
    title: "Health",
    width: 150,
    first: "ascending",
    order: ({ health }) => SEVEREST_FIRST.indexOf(health.level),
    cell: ({ health }) => <HealthMark health={health} />,
    exported: ({ health }) => ({ Health: health.level, Rule: health.rule }),
  },
  {
    key: "epochs",
    title: "Epochs",
    hint: "Epochs logged / planned; of self-training its iterations",
    width: 98,
    numeric: true,
    first: "descending",
    order: ({ logged }) => logged,
    cell: (row) => <EpochCount row={row} />,
    exported: ({ logged, planned }) => ({ Epochs: logged, "Planned epochs": planned }),
  },
  {
    key: "best",
    title: "Best",
    hint: "Best epoch",
    width: 62,
    numeric: true,
    first: "descending",
    order: ({ best }) => best,
    cell: ({ axis, best }) => best ?? <Missing what={`no best ${axis}`} />,
    exported: ({ best }) => ({ "Best epoch": best }),
  },
  {
    key: "metric",
    title: "Main metric",
    hint: "At the best epoch",
    width: 104,
    numeric: true,
    first: "descending",
    order: ({ main_metric: main }) => main?.value ?? null,
    cell: ({ main_metric: main }, { shared }) => <Main metric={main} named={shared === null} />,
    exported: ({ main_metric: main }) => ({ Metric: mainLabel(main), Value: main?.value ?? null }),
  },
  {
    key: "against",
    title: "Against baseline",
    hint: "Difference of the main metric in points, with its 95 % interval",
    width: 176,
    numeric: true,
    first: "descending",
    order: ({ name }, { differences }) => differences.get(name)?.delta ?? null,
    cell: ({ name }, { baseline, differences }) =>
      name === baseline ? (
        <span class="muted">baseline</span>
      ) : (
        <AgainstMark difference={differences.get(name)} />
      ),
    exported: ({ name }, { differences }) => {
      const { delta = null, interval = null, verdict = null } = differences.get(name) ?? {};
      return {
        "Against baseline": delta,
        "Against baseline, low": interval?.[0] ?? null,
        "Against baseline, high": interval?.[1] ?? null,
        Verdict: verdict,
      };
    },
  },
  {
    key: "pr",
    title: "P / R",
    hint: "Precision / recall at the best epoch; sorts by their F1",
    width: 106,
    numeric: true,
    first: "descending",
    order: ({ f1 }) => f1,
    cell: (row) => <PrecisionRecall row={row} />,
    exported: ({ precision, recall, f1 }) => ({ Precision: precision, Recall: recall, F1: f1 }),
  },
  {
    key: "conf",
    title: "Confidence",
    hint: "Confidence threshold to deploy with, and how sure that is",
    width: 114,
    numeric: true,
    first: "descending",
    order: (row) => row.confidence,
    cell: (row) => <Confidence row={row} />,
    exported: (row) => ({
      Confidence: row.confidence,
      "Confidence, low": row.interval?.[0] ?? null,
      "Confidence, high": row.interval?.[1] ?? null,
    }),
  },
  {
    key: "trend",
    title: "Trend",
    hint: "The main metric from the first epoch to the last; sorts by its rise",
    width: 108,
    first: "descending",
    order: ({ sparkline }) => rise(sparkline),
    cell: ({ main_metric: main, sparkline }) => (
      <Sparkline values={sparkline} label={mainLabel(main) ?? "metric"} />
    ),
    exported: ({ sparkline }) => ({ Rise: rise(sparkline) }),
  },
  {
    key: "time",
    title: "Time",
    hint: "Training time",
    width: 68,
    numeric: true,
    first: "descending",
    order: ({ seconds }) => seconds,
    cell: ({ seconds }) =>
      seconds === null ? <Missing what="training time not recorded" /> : duration(seconds),
    exported: ({ seconds }) => ({ "Time (s)": seconds }),
  },
  {
    key: "updated",
    title: "Updated",
    hint: "When the newest file of the run was written",
    width: 98,
    numeric: true,
    first: "descending",
    order: ({ updated }) => updated,
    cell: ({ updated }) => (updated === null ? <Missing /> : <Age at={updated} />),
    exported: ({ updated }) => ({
      Updated: updated === null ? null : new Date(updated * 1000).toISOString(),
    }),
  },
  {
    key: "f1best",
    title: "Best F1",
    hint: "The highest F1 of any epoch",
    width: 82,
    numeric: true,
    first: "descending",
    order: (row) => row.f1_best,
    cell: (row) => (row.f1_best === null ? <Missing /> : metric(row.f1_best)),
  },
  {
    key: "to95",
    title: "To 95 %",
    hint: "Epoch that first reached 95 % of the best value",
    width: 82,
    numeric: true,
    first: "ascending",
    order: (row) => row.to_95,
    cell: (row) => row.to_95 ?? <Missing />,
    exported: (row) => ({ "Epochs to 95 %": row.to_95 }),
  },
  {
    key: "noise",
    title: "Noise",
    hint: "Unrest of the main metric in the second half: standard deviation from epoch to epoch",
    width: 76,
    numeric: true,
    first: "ascending",
    order: ({ unrest }) => unrest,
    cell: ({ unrest }) => (unrest === null ? <Missing /> : metric(unrest)),
  },
  {
    key: "epoch",
    title: "s/epoch",
    hint: "Typical seconds per epoch",
    width: 82,
    numeric: true,
    first: "ascending",
    order: (row) => row.per_epoch,
    cell: (row) => (row.per_epoch === null ? <Missing /> : duration(row.per_epoch)),
    exported: (row) => ({ "Time per epoch (s)": row.per_epoch }),
  },
  {
    key: "images",
    title: "Images",
    hint: "Validation images",
    width: 78,
    numeric: true,
    first: "descending",
    order: images,
    cell: (row, context) => {
      const n = images(row, context);
      return n === null ? <Missing what="validation images not known" /> : grouped(n);
    },
    exported: (row, context) => ({ "Validation images": images(row, context) }),
  },
  said("model", "Model", 110, ({ model }) => model),
  said("grade", "Grade", 96, ({ grade }) => grade),
  {
    ...said("target", "Target", 90, ({ target }) => target),
    hint: "Whether the targets of runlens.yaml are met",
  },
  said("tags", "Tags", 120, ({ tags }) => tags.join(", ") || null),
  said("note", "Note", 200, ({ note }) => note),
];

const USUAL = "health,epochs,best,metric,against,pr,conf,trend,time,updated";

/** The columns that were last chosen in this browser; the address comes first. */
export const usualColumns = kept("columns", USUAL);

export function isChosen(column: Column): boolean {
  return (place.value.columns ?? usualColumns.value).split(",").includes(column.key);
}

/** The columns that are shown; the difference to a baseline needs one. */
export function shownColumns({ baseline }: Context): Column[] {
  return COLUMNS.filter(
    (column) => isChosen(column) && (column.key !== "against" || baseline !== null),
  );
}

/** The main metric's column is called by its name where all rows have the same. */
export function titleOf({ key, title }: { key: string; title: string }, context: Context): string {
  return key === "metric" ? (context.shared ?? title) : title;
}

/** Where rows have different metrics, each names its own. */
export function widthOf({ key, width }: Column, context: Context): number {
  return key === "metric" && context.shared === null ? NAMED_METRIC_WIDTH : width;
}

const NAMED_METRIC_WIDTH = 156;

/** The metric all rows are ranked by, or null when they differ. */
export function sharedMetric(rows: readonly TableRow[]): string | null {
  const labels = new Set(rows.map((row) => mainLabel(row.main_metric)).filter(Boolean));
  return labels.size === 1 ? ([...labels][0] ?? null) : null;
}

export function mainLabel(main: MainMetric | null): string | null {
  return main && metricOf(main.group, main.name);
}

function images({ data }: TableRow, context: Context): number | null {
  return context.data[data]?.n_val ?? null;
}

function rise(values: readonly (number | null)[]): number | null {
  const finite = values.filter((value): value is number => value !== null);
  const last = finite[finite.length - 1];
  return last === undefined ? null : last - (finite[0] ?? 0);
}

function Text({ text }: { text: string | null }) {
  return text === null ? <Missing /> : <bdi title={text}>{text}</bdi>;
}

function EpochCount({ row: { logged, planned, axis } }: { row: TableRow }) {
  return (
    <>
      {logged}
      {planned !== null && <span class="muted"> / {planned}</span>}
      {axis === "iteration" && <span class="muted"> iterations</span>}
    </>
  );
}

function Main({ metric: main, named }: { metric: MainMetric | null; named: boolean }) {
  if (!main || main.value === null) return <Missing what="no metric recorded" />;
  return (
    <>
      {named && <span class="unit">{mainLabel(main)}</span>}
      <b>{metric(main.value)}</b>
    </>
  );
}

function PrecisionRecall({ row: { precision, recall } }: { row: TableRow }) {
  if (precision === null && recall === null) return <Missing what="no precision and recall" />;
  return (
    <>
      {metric(precision)}
      <span class="muted"> / </span>
      {metric(recall)}
    </>
  );
}

function Confidence({ row }: { row: TableRow }) {
  if (row.confidence === null) return <Missing what="confidence to deploy with not known" />;
  return (
    <>
      {confidence(row.confidence)}
      {row.interval && <span class="unit after">{between(row.interval)}</span>}
    </>
  );
}
