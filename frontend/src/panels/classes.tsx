import { Missing } from "../components/facts";
import { chosenGroup, GroupChoice } from "../components/group_choice";
import { Scroll } from "../components/scroll";
import { LevelMark } from "../components/verdict";
import { count, grouped, metric } from "../format";
import type { ClassLine } from "../schema";
import { inMetricOrder, metricWord } from "../words";
import type { Panel, PanelProps } from "./panel";

export const classes: Panel = { id: "classes", place: "charts", Content: Classes };

interface Column {
  group: string;
  name: string;
  title: string;
}

function Classes({ run }: PanelProps) {
  const { classes: lines } = run;
  if (lines.length === 0) return null;
  const groups = [...new Set(lines.flatMap(({ metrics }) => Object.keys(metrics)))];
  const group = chosenGroup(groups, run);
  const columns = columnsOf(lines, group);
  const counted = lines.some(({ instances }) => instances !== null);
  const seen = lines.some(({ images }) => images !== null);
  return (
    <section class="card" aria-labelledby="classes-title">
      <header class="card-head">
        <h2 id="classes-title">
          Classes <span class="muted">{lines.length}</span>
        </h2>
        {group && <GroupChoice label="Metrics by class of" groups={groups} chosen={group} />}
      </header>
      <Explanation lines={lines} counted={counted} />
      <Scroll label="Metrics by class">
        <table class="numbers classes">
          <caption class="unseen">
            Validated instances, images and metrics of each class, with 95 % intervals
          </caption>
          <thead>
            <tr>
              <th scope="col">class</th>
              {counted && <Title text="instances" />}
              {seen && <Title text="images" />}
              {columns.map(({ title }) => (
                <Title key={title} text={title} />
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.name}>
                <th scope="row">
                  <bdi>{line.name}</bdi>
                  {line.unreliable && <LevelMark level="warning" word="unreliable" />}
                </th>
                {counted && <Count value={line.instances} what="number of instances unknown" />}
                {seen && <Count value={line.images} what="number of images unknown" />}
                {columns.map((column) => (
                  <MetricCell key={column.title} line={line} column={column} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function columnsOf(lines: readonly ClassLine[], group: string | undefined): Column[] {
  if (group === undefined) return [];
  const names = lines.flatMap(({ metrics }) => Object.keys(metrics[group] ?? {}));
  return inMetricOrder(names).map((name) => ({ group, name, title: metricWord(name) }));
}

/** What the small figures are, and what is missing. */
function Explanation({ lines, counted }: { lines: readonly ClassLine[]; counted: boolean }) {
  const unreliable = lines.filter((line) => line.unreliable).length;
  return (
    <p class="muted">
      {counted
        ? "Small figures: the 95 % interval that the number of instances allows. Precision and F1" +
          " have none: they depend on the number of detections, too."
        : "The number of instances is unknown, so nothing tells how far these metrics can be trusted."}
      {unreliable > 0 &&
        ` ${count(unreliable, "class was", "classes were")} measured too coarsely to rely on: the interval is too wide.`}
    </p>
  );
}

function Title({ text }: { text: string }) {
  return (
    <th scope="col" class="numeric">
      {text}
    </th>
  );
}

function Count({ value, what }: { value: number | null; what: string }) {
  return <td class="numeric">{value === null ? <Missing what={what} /> : grouped(value)}</td>;
}

function MetricCell({ line, column: { group, name } }: { line: ClassLine; column: Column }) {
  const value = line.metrics[group]?.[name];
  const interval = line.intervals[group]?.[name];
  return (
    <td class="numeric">
      {value == null ? <Missing /> : metric(value)}
      {interval && (
        <span class="at interval">
          <span class="unseen">, 95 % interval </span>
          {interval.map((end) => end.toFixed(2)).join("–")}
        </span>
      )}
    </td>
  );
}
