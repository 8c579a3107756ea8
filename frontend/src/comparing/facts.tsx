import type { ComponentChildren } from "preact";
import { Card } from "../components/card";
import { duration, metric, number } from "../format";
import type { CompareAnswer, Facts as RunFacts } from "../schema";
import { metricOf, stateWord } from "../words";
import { ByRun } from "./by_run";
import type { Contender } from "./contender";

const time = (seconds: number | null) => seconds && duration(seconds);
const fraction = (value: number | null) => value !== null && metric(value);

const FACTS: readonly [string, (facts: RunFacts) => ComponentChildren][] = [
  ["state", ({ state }) => stateWord(state)],
  ["model", ({ model }) => model && <bdi>{model}</bdi>],
  ["training images", ({ n_train }) => n_train],
  ["validation images", ({ n_val }) => n_val],
  ["image size", ({ imgsz }) => imgsz],
  ["epochs", ({ epochs }) => epochs],
  ["best epoch", ({ best_epoch }) => best_epoch],
  [
    "metric at the best epoch",
    ({ group, metric: name, value }) => name && `${metricOf(group, name)} ${metric(value)}`,
  ],
  ["mean around it", ({ level }) => fraction(level)],
  ["F1 there", ({ f1 }) => fraction(f1)],
  ["highest F1", ({ f1_best }) => fraction(f1_best)],
  ["confidence to deploy with", ({ confidence }) => fraction(confidence)],
  ["epochs to 95 % of the best", ({ epochs_to_95 }) => epochs_to_95],
  ["time to 95 % of the best", ({ seconds_to_95 }) => time(seconds_to_95)],
  ["training loss at the end", ({ train_loss }) => train_loss && number(train_loss.mean)],
  ["validation loss at the end", ({ val_loss }) => val_loss && number(val_loss.mean)],
  ["time an epoch", ({ seconds_per_epoch }) => time(seconds_per_epoch)],
  ["time in all", ({ seconds }) => time(seconds)],
];

interface Props {
  answer: CompareAnswer;
  all: readonly Contender[];
}

export function FactsOfRuns({ answer, all }: Props) {
  const facts = all.map(({ name }) => answer.facts.find(({ run }) => run === name));
  const rows = FACTS.map(([title, of]) => ({
    key: title,
    title,
    cells: facts.map((one) => (one && of(one)) || null),
  }));
  return (
    <Card id="facts" title="Facts">
      <ByRun
        label="Facts of the runs"
        head="fact"
        all={all}
        rows={rows.filter(({ cells }) => cells.some((cell) => cell !== null))}
      />
    </Card>
  );
}

/** The guide's checklist, filled in. */
export function Checklist({ answer, all }: Props) {
  if (answer.checklist.length === 0) return null;
  return (
    <Card id="checklist" title="Checklist" note="of guide 001">
      <ByRun
        label="Checklist"
        head="item"
        all={all}
        rows={answer.checklist.map(({ item, values, ahead, why }) => ({
          key: item,
          title: (
            <>
              {item}
              <span class="unit after">{why}</span>
            </>
          ),
          cells: all.map(({ name }) => {
            const value = values[answer.runs.indexOf(name)];
            if (value == null && name !== ahead) return null;
            return (
              <>
                {value} {name === ahead && <span class="level ok">▲ ahead</span>}
              </>
            );
          }),
        }))}
      />
    </Card>
  );
}
