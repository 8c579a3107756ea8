import { Card } from "../components/card";
import { chosenGroup, GroupChoice } from "../components/group_choice";
import { SortedTable } from "../components/sorted_table";
import { count, grouped } from "../format";
import type { DetailedRun } from "../schema";
import { metricWord } from "../words";
import { columnsOf, ranking } from "./class_columns";
import type { Panel, PanelProps } from "./panel";

export const classes: Panel = { id: "classes", place: "charts", Content: Classes };

function Classes({ run }: PanelProps) {
  const { classes: lines } = run;
  const groups = [...new Set(lines.flatMap(({ metrics }) => Object.keys(metrics)))];
  const group = chosenGroup(groups, run);
  const columns = columnsOf(run, group);
  return (
    <Card
      id="classes"
      title="Classes"
      note={grouped(lines.length)}
      tools={group && <GroupChoice label="Metrics by class of" groups={groups} chosen={group} />}
    >
      {lines.length === 0 ? (
        <p class="muted">{NOT_RECORDED}</p>
      ) : (
        <>
          <Explanation run={run} />
          <SortedTable
            key={group}
            label="Metrics by class"
            kind="classes"
            caption="Instances, images and metrics of each class, with 95 % intervals"
            many="classes"
            columns={columns}
            items={lines}
            keyOf={({ name }) => name}
            by={ranking(columns)?.key}
          />
        </>
      )}
    </Card>
  );
}

const NOT_RECORDED =
  "No metrics by class are recorded in this run's files: result tables have only their means. track(model) in the" +
  " training script records them for every epoch, runlens evaluate RUN_DIR for best.pt afterwards.";

/** What the figures are, which classes not to rely on, and how many are weak. */
function Explanation({ run: { classes: lines, class_rank: rank } }: { run: DetailedRun }) {
  const unreliable = lines.filter((line) => line.unreliable).length;
  const counted = lines.some(({ instances }) => instances !== null);
  return (
    <p class="muted">
      {counted
        ? "Ranges are 95 % intervals that the number of instances allows; precision and F1 have none, since they depend" +
          " on the number of detections, too."
        : "The number of instances is unknown, so nothing tells how far these metrics can be trusted."}
      {rank?.followed &&
        ` The course is ${metricWord(rank.followed)} from epoch ${rank.epochs[0]} to ${rank.epochs[rank.epochs.length - 1]}.`}
      {unreliable > 0 &&
        ` ${count(unreliable, "class was", "classes were")} measured too coarsely to rely on.`}
    </p>
  );
}
