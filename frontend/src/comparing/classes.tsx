import { useState } from "preact/hooks";
import { type Dot, DotAxis, Dumbbell } from "../charts/dots";
import { Card } from "../components/card";
import { metric } from "../format";
import { sortBy } from "../sort";
import type { Span } from "../view";
import { metricWord } from "../words";
import { ByRun } from "./by_run";
import type { Contender } from "./contender";

const WHOLE: Span = [0, 1];

/** More classes than this are shown on demand. */
const SHOWN = 20;

/** Every class that at least two runs measured, those first in which the runs differ most. */
export function ClassesOfRuns({ all }: { all: readonly Contender[] }) {
  const [every, setEvery] = useState(false);
  const rank = all.map(({ run }) => run?.class_rank).find((one) => one);
  if (!rank) return null;
  const names = new Set(all.flatMap(({ run }) => run?.classes.map(({ name }) => name) ?? []));
  const rows = [...names]
    .map((name) => ({ name, dots: all.map((one) => dotOf(one, name, rank.group, rank.metric)) }))
    .filter(({ dots }) => dots.filter(({ value }) => value !== null).length > 1);
  const ordered = sortBy(rows, ({ dots }) => apart(dots), "descending");
  if (ordered.length === 0) return null;
  return (
    <Card
      id="classes"
      title="Classes"
      kind="wide"
      note={<>{metricWord(rank.metric)} with 95 % intervals</>}
    >
      <ByRun
        label="Classes of all runs"
        head="class"
        all={all}
        rows={ordered.slice(0, every ? undefined : SHOWN).map(({ name, dots }) => ({
          key: name,
          title: (
            <>
              <bdi>{name}</bdi>
              <Dumbbell dots={dots} domain={WHOLE} summary={`${name}: ${inWords(dots)}`} />
            </>
          ),
          cells: dots.map(({ value }) => (value === null ? null : metric(value))),
        }))}
      >
        <DotAxis domain={WHOLE} />
      </ByRun>
      {!every && ordered.length > SHOWN && (
        <button type="button" onClick={() => setEvery(true)}>
          Show all {ordered.length} classes
        </button>
      )}
    </Card>
  );
}

function dotOf({ run, short, color }: Contender, name: string, group: string, of: string): Dot {
  const line = run?.classes.find((one) => one.name === name);
  return {
    label: short,
    value: line?.metrics[group]?.[of] ?? null,
    interval: line?.intervals[group]?.[of] ?? null,
    color,
  };
}

function apart(dots: readonly Dot[]): number {
  const values = dots.flatMap(({ value }) => value ?? []);
  return Math.max(...values) - Math.min(...values);
}

function inWords(dots: readonly Dot[]): string {
  return dots.map(({ label, value }) => `${label} ${metric(value)}`).join(", ");
}
