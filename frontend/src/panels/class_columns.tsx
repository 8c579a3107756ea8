// The columns of the Classes tab, each with what it shows and what it sorts by.

import { Sparkline } from "../charts/sparkline";
import { Interval, Missing } from "../components/facts";
import type { SortedColumn } from "../components/sorted_table";
import { LevelMark } from "../components/verdict";
import { between, grouped, metric, signed } from "../format";
import type { ClassLine, DetailedRun, Target } from "../schema";
import { inMetricOrder, type Level, metricWord } from "../words";

export interface Column extends SortedColumn<ClassLine> {
  /** Classes are told apart by this one, the worst first. */
  ranks?: boolean;
}

export function ranking(columns: readonly Column[]): Column | undefined {
  return columns.find(({ ranks }) => ranks);
}

/** Only what at least one class has. */
export function columnsOf(run: DetailedRun, group: string | undefined): Column[] {
  return [NAME, ...counts(run), ...metrics(run, group), ...course(run), ...targets(run)];
}

const NAME: Column = {
  key: "name",
  title: "class",
  first: "ascending",
  order: ({ name }) => name,
  cell: ({ name, weak, unreliable }) => (
    <>
      <bdi>{name}</bdi>
      {weak && <LevelMark level="warning" word="weak" />}
      {unreliable && <LevelMark level="no_verdict" word="unreliable" />}
    </>
  ),
};

const COUNTS = [
  { key: "trained", title: "trained on", what: "number of training instances unknown" },
  { key: "instances", title: "validated", what: "number of instances unknown" },
  { key: "images", title: "images", what: "number of images unknown" },
] as const;

const HINTS = {
  trained: "Instances in the training images",
  instances: "Instances in the validation images",
  images: "Validation images that hold the class",
};

function counts({ classes }: DetailedRun): Column[] {
  return COUNTS.filter(({ key }) => classes.some((line) => line[key] !== null)).map(
    ({ key, title, what }) => ({
      key,
      title,
      hint: HINTS[key],
      numeric: true,
      first: "ascending",
      order: (line) => line[key],
      cell: (line) => (line[key] === null ? <Missing what={what} /> : grouped(line[key])),
    }),
  );
}

function metrics({ classes, class_rank: rank }: DetailedRun, group: string | undefined): Column[] {
  if (group === undefined) return [];
  const names = inMetricOrder(classes.flatMap((line) => Object.keys(line.metrics[group] ?? {})));
  const best = names.includes(rank?.metric ?? "") ? rank?.metric : names[0];
  return names.map((name) => ({
    key: name,
    title: metricWord(name),
    numeric: true,
    first: "ascending",
    ranks: name === best,
    order: (line) => line.metrics[group]?.[name] ?? null,
    cell: (line) => <Measured line={line} group={group} name={name} drawn={name === best} />,
  }));
}

interface MeasuredProps {
  line: ClassLine;
  group: string;
  name: string;
  drawn: boolean;
}

function Measured({ line, group, name, drawn }: MeasuredProps) {
  const value = line.metrics[group]?.[name];
  const interval = line.intervals[group]?.[name];
  if (value == null) return <Missing />;
  return (
    <>
      {drawn && <Whisker value={value} interval={interval} />}
      {metric(value)}
      {interval && <Interval text={between(interval)} />}
    </>
  );
}

/** From 0 to 1: a dot at the value and a line over its interval; the numbers stand beside it. */
function Whisker({ value, interval }: { value: number; interval: [number, number] | undefined }) {
  const at = (share: number) => `${100 * share}%`;
  return (
    <svg class="whisker" aria-hidden="true">
      <line class="track" x1="0" x2="100%" y1="50%" y2="50%" />
      {interval && <line x1={at(interval[0])} x2={at(interval[1])} y1="50%" y2="50%" />}
      <circle cx={at(value)} cy="50%" r="3.5" />
    </svg>
  );
}

function course({ classes, class_rank: rank }: DetailedRun): Column[] {
  if (!rank?.followed) return [];
  const label = metricWord(rank.followed);
  const rise = ({ course: values }: ClassLine) => {
    const known = values.filter((value) => value !== null);
    return known.length > 1 ? (known[known.length - 1] as number) - (known[0] as number) : null;
  };
  return classes.some((line) => line.course.length > 0)
    ? [
        {
          key: "course",
          title: "over the epochs",
          hint: `${label} of each recorded epoch; sorts by its rise`,
          first: "ascending",
          order: rise,
          cell: (line) => <Sparkline values={line.course} label={label} />,
        },
      ]
    : [];
}

const STATUS: Record<Target["status"], { shape: string; word: string; level: Level }> = {
  met: { shape: "✓", word: "met", level: "ok" },
  exceeded: { shape: "✓", word: "exceeded", level: "ok" },
  missed: { shape: "✗", word: "missed", level: "warning" },
  unknown: { shape: "◌", word: "not measured", level: "no_verdict" },
};

function targets({ targets: wanted }: DetailedRun): Column[] {
  const ofClass = new Map(wanted.flatMap((one) => (one.class === null ? [] : [[one.class, one]])));
  if (ofClass.size === 0) return [];
  return [
    {
      key: "target",
      title: "target",
      hint: "What runlens.yaml asks of the class; sorts by how far it is exceeded",
      numeric: true,
      first: "ascending",
      order: ({ name }) => ofClass.get(name)?.margin ?? null,
      cell: ({ name }) => {
        const target = ofClass.get(name);
        return target ? <Reached target={target} /> : null;
      },
    },
  ];
}

function Reached({ target: { target, metric: name, status, margin } }: { target: Target }) {
  const { shape, word, level } = STATUS[status];
  return (
    <LevelMark
      level={level}
      shape={shape}
      word={`${word} (${metricWord(name)} ${target}${margin === null ? "" : `, ${signed(margin)}`})`}
    />
  );
}
