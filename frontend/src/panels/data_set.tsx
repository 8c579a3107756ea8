// The Data panel's part for a data set that was counted: splits, classes, faults, repeated images.

import { Missing } from "../components/facts";
import { ItemTable } from "../components/item_table";
import { ProblemList } from "../components/problem_list";
import { LevelMark } from "../components/verdict";
import { count, grouped, percent } from "../format";
import type { DataFault, DataRepeats, DataSet, DataSplit } from "../schema";
import { capital, spaced } from "../words";

/** What RunLens has counted in the data set that the user pointed out. */
export function Counted({ data }: { data: DataSet }) {
  const splits = Object.entries(data.splits);
  return (
    <>
      <Faults faults={data.faults} />
      {data.repeats && <Repeats repeats={data.repeats} />}
      <div class="columns">
        <Splits splits={splits} />
        <ClassCounts classes={data.classes} splits={splits} />
      </div>
      <Problems data={data} />
    </>
  );
}

function Faults({ faults }: { faults: readonly DataFault[] }) {
  if (faults.length === 0) return <p class="muted">No fault was found in it.</p>;
  return (
    <ul class="findings">
      {faults.map(({ kind, severity, summary, advice }) => (
        <li class={`finding ${severity}`} key={`${kind} ${summary}`}>
          <h3>
            <LevelMark level={severity} word={capital(spaced(kind))} />
            <span class="grade">{severity}</span>
          </h3>
          <p>{summary}</p>
          <ul class="advice">
            <li>{advice}</li>
          </ul>
        </li>
      ))}
    </ul>
  );
}

function Repeats({ repeats: { same, alike, compared, pairs } }: { repeats: DataRepeats }) {
  const [train, val] = compared;
  const looked = `The pixels of ${count(train, "training image")} and ${count(val, "validation image")} were compared.`;
  if (same + alike === 0) {
    return (
      <p class="hint muted">
        No validation image is in train too, or looks like one there. {looked}
      </p>
    );
  }
  return (
    <details class="more">
      <summary>
        {count(same, "validation image is", "validation images are")} in train byte for byte,{" "}
        {count(alike, "other looks", "others look")} like one there
      </summary>
      <p class="muted">{looked}</p>
      <ul>
        {pairs.map((pair) => (
          <li key={pair.join()}>
            <bdi class="path">{pair[0]}</bdi> in val, <bdi class="path">{pair[1]}</bdi> in train
          </li>
        ))}
      </ul>
    </details>
  );
}

type Splitted = readonly (readonly [string, DataSplit])[];

const COUNTS = [
  ["images", "images"],
  ["instances", "instances"],
  ["backgrounds", "backgrounds"],
  ["empty_labels", "with an empty label file"],
  ["missing_labels", "without a label file"],
  ["corrupt_labels", "corrupt labels"],
  ["corrupt_images", "corrupt images"],
] as const;

function Splits({ splits }: { splits: Splitted }) {
  return (
    <table class="numbers splits">
      <caption>Images and labels</caption>
      <thead>
        <tr>
          <td />
          {splits.map(([name]) => (
            <th scope="col" class="numeric" key={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {COUNTS.map(([key, word]) => (
          <tr key={key}>
            <th scope="row">{word}</th>
            {splits.map(([name, split]) => (
              <td class="numeric" key={name}>
                {grouped(split[key])}
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">fingerprint</th>
          {splits.map(([name, { fingerprint }]) => (
            <td class="numeric" key={name}>
              {fingerprint === null ? <Missing /> : <code>{fingerprint}</code>}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

interface ClassCountsProps {
  classes: readonly string[];
  splits: Splitted;
}

/** Bars are shares of their split, so that splits of any size compare. */
function ClassCounts({ classes, splits }: ClassCountsProps) {
  const shares = splits.flatMap(([, split]) => classes.map((_, id) => shareOf(split, id)));
  const largest = shares.reduce((a, b) => Math.max(a, b), 0);
  return (
    <ItemTable
      label="Instances by class"
      kind="instances"
      caption="Instances by class, and their share of the split"
      columns={[
        { title: "class", cell: (id) => <bdi>{classes[id]}</bdi> },
        ...splits.map(([title, split]) => ({
          title,
          cell: (id: number) => <ClassCount split={split} id={id} largest={largest} />,
        })),
      ]}
      items={[...classes.keys()]}
      keyOf={(id) => id}
    />
  );
}

interface ClassCountProps {
  split: DataSplit;
  id: number;
  largest: number;
}

function ClassCount({ split, id, largest }: ClassCountProps) {
  const share = shareOf(split, id);
  return (
    <>
      <span class="bar-count">{grouped(split.per_class[id] ?? 0)}</span>
      <span class="at">{percent(share)}</span>
      <span class="bar-of-class" aria-hidden="true">
        {share > 0 && <i style={{ width: `${(100 * share) / largest}%` }} />}
      </span>
    </>
  );
}

function shareOf({ per_class, instances }: DataSplit, id: number): number {
  return instances > 0 ? (per_class[id] ?? 0) / instances : 0;
}

function Problems({ data: { problems: general, splits } }: { data: DataSet }) {
  const ofSplits = Object.entries(splits).flatMap(([name, split]) =>
    split.problems.map((problem) => ({ ...problem, file: `${name}/${problem.file}` })),
  );
  const problems = [...general, ...ofSplits];
  if (problems.length === 0) return null;
  return (
    <details class="more">
      <summary>{count(problems.length, "problem")} with its files</summary>
      <ProblemList problems={problems} />
    </details>
  );
}
