// The columns of the table of classes, each with what it shows and what it sorts by.

import { computed, type ReadonlySignal } from "@preact/signals";
import { Interval, Missing } from "../components/facts";
import type { SortedColumn } from "../components/sorted_table";
import { between, confidence, type Format, grouped, metric, number, signed } from "../format";
import type { Sweep, SweepClass, ThresholdClass } from "../schema";
import type { Direction } from "../sort";
import { type ClassCounts, classCounts, passedCounts } from "./sweep";

export interface Line {
  line: ThresholdClass;
  /** Where the slider stands; texts of it follow by themselves, without a row being rendered anew. */
  counts: ReadonlySignal<ClassCounts | null>;
  live: Readonly<Record<keyof ClassCounts, ReadonlySignal<string>>>;
}

/** The row of the sweep where the slider stands, null at the best, which lies between two. */
export type SweptRow = ReadonlySignal<number | null>;

type Column = SortedColumn<Line>;

export function linesOf(classes: readonly ThresholdClass[], sweep: Sweep, row: SweptRow): Line[] {
  const byNumber = new Map(sweep.classes.map((one) => [one.number, one]));
  return classes.map((line) => {
    const swept = line.number === null ? undefined : byNumber.get(line.number);
    const counts = computed(() => countsAt(line, swept, row.value));
    return { line, counts, live: liveTexts(counts) };
  });
}

const FORMATS: Record<keyof ClassCounts, Format> = {
  f1: metric,
  right: number,
  wrong: number,
  missed: number,
};

function countsAt(
  { common }: ThresholdClass,
  swept: SweepClass | undefined,
  row: number | null,
): ClassCounts | null {
  return row === null || !swept ? passedCounts(common) : classCounts(swept, row);
}

function liveTexts(counts: Line["counts"]): Line["live"] {
  const text = (key: keyof ClassCounts) => computed(() => FORMATS[key](counts.value?.[key]));
  return { f1: text("f1"), right: text("right"), wrong: text("wrong"), missed: text("missed") };
}

/** Those that anything is known for. */
export function columnsOf(lines: readonly Line[]): Column[] {
  const known = (value: (line: ThresholdClass) => unknown) =>
    lines.some(({ line }) => value(line) !== null);
  return [
    NAME,
    ...(known(({ instances }) => instances) ? [OBJECTS] : []),
    ...(lines.some(({ counts }) => counts.peek()) ? COUNTED : []),
    OWN,
    VALUE,
    ...(known(({ gain }) => gain) ? [GAIN] : []),
    ...(lines.some(({ line }) => line.verdict !== "unknown") ? [VERDICT] : []),
  ];
}

const NAME: Column = {
  key: "name",
  title: "class",
  first: "ascending",
  order: ({ line }) => line.name,
  cell: ({ line }) => <bdi>{line.name}</bdi>,
};

const OBJECTS: Column = {
  key: "objects",
  title: "objects",
  numeric: true,
  first: "descending",
  order: ({ line }) => line.instances,
  cell: ({ line }) => (line.instances === null ? <Missing /> : grouped(line.instances)),
};

function counted(key: keyof ClassCounts, title: string, first: Direction): Column {
  return {
    key,
    title,
    hint: "At the slider's confidence",
    numeric: true,
    first,
    order: ({ counts }) => counts.peek()?.[key] ?? null,
    cell: ({ live }) => live[key],
  };
}

const COUNTED: readonly Column[] = [
  counted("f1", "F1", "ascending"),
  counted("right", "right", "ascending"),
  counted("wrong", "wrong", "descending"),
  counted("missed", "missed", "descending"),
];

const OWN: Column = {
  key: "own",
  title: "own best",
  hint: "Where this class alone is best, with its 95 % interval",
  numeric: true,
  first: "descending",
  order: ({ line }) => line.confidence,
  cell: ({ line: { confidence: at, interval } }) => (
    <>
      {at === null ? <Missing what="unknown" /> : confidence(at)}
      {interval && <Interval text={between(interval)} />}
    </>
  ),
};

const VALUE: Column = {
  key: "value",
  title: "there",
  hint: "What the objective is at its own best",
  numeric: true,
  first: "ascending",
  order: ({ line }) => line.value,
  cell: ({ line }) => metric(line.value),
};

const GAIN: Column = {
  key: "gain",
  title: "gain",
  hint: "What its own threshold gains over the common one, with its 95 % interval",
  numeric: true,
  first: "descending",
  order: ({ line }) => line.gain,
  cell: ({ line: { gain, gain_interval } }) => (
    <>
      {gain === null ? <Missing what="unknown" /> : signed(gain)}
      {gain_interval && <Interval text={gain_interval.map(signed).join(" to ")} />}
    </>
  ),
};

const VERDICTS: Record<ThresholdClass["verdict"], string> = {
  own: "yes:",
  common: "no",
  too_few: "",
  no_objects: "no objects",
  unknown: "unknown",
};

const VERDICT: Column = {
  key: "verdict",
  title: "worth its own",
  first: "ascending",
  order: ({ line }) => Object.keys(VERDICTS).indexOf(line.verdict),
  cell: ({ line: { verdict, advised, reason } }) => (
    <>
      {VERDICTS[verdict] ?? verdict}
      {verdict === "own" && advised !== null && ` ${confidence(advised)}`}
      {reason && <span class="reason muted">{reason}</span>}
    </>
  ),
};
