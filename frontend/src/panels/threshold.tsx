// Precision, recall and F1 by confidence: which one to deploy with, and how sure that is.

import { useEffect, useState } from "preact/hooks";
import { thresholdPath } from "../api";
import { GroupChoice } from "../components/group_choice";
import { Nothing } from "../components/nothing";
import { TableButton } from "../components/table_button";
import { PartTrouble } from "../components/trouble";
import { place } from "../place";
import type { DetailedRun, ThresholdAnswer } from "../schema";
import { useQuestion } from "../use_question";
import type { Panel, PanelProps } from "./panel";
import { Explorer } from "./threshold_explorer";
import { ObjectiveChoice } from "./threshold_objective";
import { WithoutCurves } from "./threshold_without_curves";

export const threshold: Panel = { id: "threshold", place: "charts", Content: Threshold };

function Threshold({ run }: PanelProps) {
  if (hasThreshold(run)) return <Asked run={run} />;
  return <Nothing id="threshold" title="Threshold" why={NO_THRESHOLD} />;
}

const NO_THRESHOLD =
  "This run has no confidence to choose: nothing was detected by a score. A training loop of one's own can record scores with Recorder.";

/** Whatever detects objects has a confidence to choose, and of the rest what has recorded its scores. */
function hasThreshold({ task, curves, operating_point }: DetailedRun): boolean {
  const detects = ["detect", "segment", "pose", "obb"].includes(task);
  return detects || Object.keys(curves).length > 0 || operating_point.source !== "none";
}

function Asked({ run }: { run: DetailedRun }) {
  const [asTable, setAsTable] = useState(false);
  const { objective, group } = place.value;
  // The page's group may be one that has metrics but no threshold.
  const [groups, setGroups] = useState<readonly string[]>(Object.keys(run.curves));
  const wish = groups.find((one) => one === group);
  const path = thresholdPath(run.name, objective, wish);
  const { poll, shown, waiting } = useQuestion<ThresholdAnswer>(path, run);
  useEffect(() => setGroups((before) => shown?.groups ?? before), [shown]);
  return (
    <section
      class="card chart threshold"
      aria-labelledby="threshold-title"
      aria-busy={waiting || undefined}
    >
      <header class="card-head">
        <h2 id="threshold-title">Threshold</h2>
        {shown?.group != null && (
          <GroupChoice label="Threshold of" groups={shown.groups} chosen={shown.group} />
        )}
        {(shown?.sweep || objective !== undefined) && (
          <ObjectiveChoice chosen={objective ?? shown?.objective ?? ""} />
        )}
        {shown?.sweep && <TableButton asTable={asTable} set={setAsTable} />}
      </header>
      <PartTrouble poll={poll} />
      {shown && <Answered run={run} answer={shown} asTable={asTable} />}
      {!shown && waiting && <div class="skeleton tall" />}
    </section>
  );
}

interface AnsweredProps {
  run: DetailedRun;
  answer: ThresholdAnswer;
  asTable: boolean;
}

function Answered({ run, answer, asTable }: AnsweredProps) {
  const { sweep } = answer;
  return sweep ? (
    <Explorer run={run} answer={answer} sweep={sweep} asTable={asTable} />
  ) : (
    <WithoutCurves run={run} answer={answer} />
  );
}
