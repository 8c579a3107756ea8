import { AgainstMark } from "../components/against_mark";
import { Card } from "../components/card";
import { metric } from "../format";
import type { CompareAnswer, Difference } from "../schema";
import { metricOf } from "../words";
import { ByRun, type Row } from "./by_run";
import type { Contender } from "./contender";

interface Props {
  answer: CompareAnswer;
  all: readonly Contender[];
}

/** Who is better, in words, with what has to be known beside it; then every difference. */
export function Differences({ answer, all }: Props) {
  return (
    <Card id="differences" title="Differences" kind="wide">
      {answer.warnings.map((warning) => (
        <p key={warning} class="notice warning">
          {warning}
        </p>
      ))}
      <ul class="said">
        {answer.said.map(({ run, sentences, notes }) => (
          <li key={run}>
            {sentences.map((sentence) => (
              <p key={sentence}>{sentence}.</p>
            ))}
            {notes.length > 0 && <p class="muted">{`But: ${notes.join("; ")}.`}</p>}
          </li>
        ))}
      </ul>
      {answer.notes.length > 0 && <p class="muted">{`Of all: ${answer.notes.join("; ")}.`}</p>}
      {answer.repeats.map(({ runs, group, metric: name, mean, deviation }) => (
        <p key={runs[0]}>
          {`${runs.length} trainings differ by their seed only: ${metricOf(group, name)} ${metric(mean)} ± ${metric(deviation)} (standard deviation). `}
          <span class="muted">
            <bdi>{runs.join(", ")}</bdi>
          </span>
        </p>
      ))}
      <ByRun label="Differences to the baseline" head="metric" all={all} rows={rows(answer, all)} />
    </Card>
  );
}

function rows({ differences }: CompareAnswer, all: readonly Contender[]): Row[] {
  const kinds = new Map(differences.map((one) => [kindOf(one), one]));
  return [...kinds].map(([kind, { group, metric: name, at, after }]) => ({
    key: kind,
    title: (
      <>
        {metricOf(group, name)}
        <span class="unit after">{AT[at](after)}</span>
      </>
    ),
    cells: all.map(({ name: run, run: detailed }) => {
      const difference = differences.find((one) => one.run === run && kindOf(one) === kind);
      const value = at === "best" && group ? detailed?.metrics[group]?.[name] : null;
      if (!difference && value == null) return null;
      return (
        <>
          {value != null && <b class="value">{metric(value)}</b>}
          {difference && <AgainstMark difference={difference} />}
        </>
      );
    }),
  }));
}

const AT: Record<Difference["at"], (after: number | null) => string> = {
  best: () => "best.pt",
  end: () => "at the end",
  equal_epoch: (after) => `after ${after} epochs each`,
};

function kindOf({ group, metric: name, at, after }: Difference): string {
  return [group, name, at, after].join();
}
