// The columns of the Runs page, each with what it shows and what it sorts by.

import type { ComponentChildren } from "preact";
import { Sparkline } from "../charts/sparkline";
import { Age, Missing } from "../components/facts";
import { HealthMark } from "../components/verdict";
import { duration, metric } from "../format";
import type { MainMetric, Run, TableRow } from "../schema";
import type { Direction } from "../sort";
import { groupWord, LEVELS, metricWord } from "../words";

export interface Column {
  key: string;
  title: (rows: readonly TableRow[]) => string;
  /** What the title stands for, where it is short. */
  hint?: string;
  numeric?: boolean;
  /** Where a first click on the header starts; the better or newer end. */
  first: Direction;
  order: (row: TableRow) => number | string | null;
  cell: (row: TableRow, sameMetric: boolean) => ComponentChildren;
}

const SEVEREST_FIRST = Object.keys(LEVELS);

/** The name's own cell spans both lines of a row, so the page draws it itself. */
export const NAME = {
  key: "name",
  title: () => "Run",
  first: "ascending",
  order: ({ run }) => run.name,
} satisfies Omit<Column, "cell">;

export const COLUMNS: readonly Column[] = [
  {
    key: "health",
    title: () => "Health",
    first: "ascending",
    order: ({ run }) => SEVEREST_FIRST.indexOf(run.health.level),
    cell: ({ run }) => <HealthMark health={run.health} />,
  },
  {
    key: "epochs",
    title: () => "Epochs",
    hint: "Epochs logged / planned; of self-training its iterations",
    numeric: true,
    first: "descending",
    order: ({ run }) => run.epochs.logged,
    cell: ({ run }) => <EpochCount run={run} />,
  },
  {
    key: "best",
    title: () => "Best epoch",
    numeric: true,
    first: "descending",
    order: ({ run }) => run.epochs.best,
    cell: ({ run }) => <BestEpoch run={run} />,
  },
  {
    key: "metric",
    title: (rows) => sharedMetric(rows) ?? "Main metric",
    hint: "At the best epoch",
    numeric: true,
    first: "descending",
    order: ({ run }) => run.main_metric?.value ?? null,
    cell: ({ run }, sameMetric) => <Main metric={run.main_metric} named={!sameMetric} />,
  },
  {
    key: "pr",
    title: () => "P / R",
    hint: "Precision / recall at the best epoch; sorts by their F1",
    numeric: true,
    first: "descending",
    order: ({ run }) => mainGroup(run)?.f1 ?? null,
    cell: ({ run }) => <PrecisionRecall run={run} />,
  },
  {
    key: "trend",
    title: () => "Trend",
    hint: "The main metric from the first epoch to the last; sorts by its rise",
    first: "descending",
    order: ({ sparkline }) => rise(sparkline),
    cell: ({ run, sparkline }) => (
      <Sparkline values={sparkline} label={mainLabel(run.main_metric) ?? "metric"} />
    ),
  },
  {
    key: "time",
    title: () => "Time",
    hint: "Training time",
    numeric: true,
    first: "descending",
    order: ({ run }) => run.time.seconds,
    cell: ({ run }) =>
      run.time.seconds === null ? (
        <Missing what="training time not recorded" />
      ) : (
        duration(run.time.seconds)
      ),
  },
  {
    key: "updated",
    title: () => "Updated",
    hint: "When the newest file of the run was written",
    numeric: true,
    first: "descending",
    order: ({ run }) => run.time.updated,
    cell: ({ run }) => (run.time.updated === null ? <Missing /> : <Age at={run.time.updated} />),
  },
];

/** The metric all rows are ranked by, or null when they differ. */
export function sharedMetric(rows: readonly TableRow[]): string | null {
  const labels = new Set(rows.map(({ run }) => mainLabel(run.main_metric)).filter(Boolean));
  return labels.size === 1 ? ([...labels][0] ?? null) : null;
}

/** mAP50-95, mask mAP50-95, Top-1: the group is named where it is not the usual one. */
function mainLabel(main: MainMetric | null): string | null {
  if (!main) return null;
  const name = metricWord(main.name);
  return ["mask", "pose"].includes(main.group)
    ? `${groupWord(main.group).toLowerCase()} ${name}`
    : name;
}

function mainGroup(run: Run): Record<string, number | null> | undefined {
  return run.main_metric ? run.metrics[run.main_metric.group] : undefined;
}

function rise(values: readonly (number | null)[]): number | null {
  const finite = values.filter((value): value is number => value !== null);
  const last = finite[finite.length - 1];
  return last === undefined ? null : last - (finite[0] ?? 0);
}

function EpochCount({ run }: { run: Run }) {
  const { logged, planned } = run.epochs;
  return (
    <>
      {logged}
      {planned !== null && <span class="muted"> / {planned}</span>}
      {run.axis === "iteration" && <span class="muted"> iterations</span>}
    </>
  );
}

function BestEpoch({ run: { axis, epochs } }: { run: Run }) {
  if (epochs.best === null) return <Missing what={`no best ${axis}`} />;
  return (
    <>
      {axis === "iteration" && <span class="muted">iteration </span>}
      {epochs.best}
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

function PrecisionRecall({ run }: { run: Run }) {
  const { precision = null, recall = null } = mainGroup(run) ?? {};
  if (precision === null && recall === null) return <Missing what="no precision and recall" />;
  return (
    <>
      {metric(precision)}
      <span class="muted"> / </span>
      {metric(recall)}
    </>
  );
}

/** Why a run does not stand for a training of its own: another one goes on with it, or is the same. */
export function belonging({ name, relations }: Run): string | null {
  const { continued_by, duplicates } = relations;
  const said = [
    others("continued by", continued_by, name),
    others("same run as", duplicates, name),
  ].filter(Boolean);
  return said.join(", ") || null;
}

/** "continued by exp3": a neighbour in the same folder is called by its own name. */
function others(word: string, names: readonly string[], own: string): string | null {
  const [first] = names;
  if (first === undefined) return null;
  const folder = own.slice(0, own.lastIndexOf("/") + 1);
  const short = first.startsWith(folder) ? first.slice(folder.length) : first;
  return `${word} ${short}${names.length > 1 ? ` and ${names.length - 1} more` : ""}`;
}
