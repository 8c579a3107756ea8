// What each class has at the slider's confidence, and whether a threshold of its own would be worth it.

import { useMemo } from "preact/hooks";
import { SortedTable } from "../components/sorted_table";
import type { Sweep, ThresholdAnswer } from "../schema";
import { sentences } from "./sentences";
import { columnsOf, linesOf, type SweptRow } from "./threshold_class_columns";

interface Props {
  answer: ThresholdAnswer;
  sweep: Sweep;
  row: SweptRow;
}

/** What the table is sorted by at first, by what there is. */
const FIRST = ["f1", "value"];

/** Rows stay where they are while the slider moves: the lines are not made anew then. */
export function ThresholdClasses({ answer, sweep, row }: Props) {
  const lines = useMemo(() => linesOf(answer.classes, sweep, row), [answer, sweep, row]);
  const columns = columnsOf(lines);
  const [first] = answer.classes;
  return (
    <>
      <h3>Classes</h3>
      {first?.verdict === "unknown" && <p class="muted">{sentences(first.reason)}</p>}
      <SortedTable
        label="Confidences by class"
        kind="classes by-class"
        caption="What each class has at the slider's confidence, and its own best confidence"
        many="classes"
        columns={columns}
        items={lines}
        keyOf={({ line }) => line.number ?? line.name}
        by={columns.find(({ key }) => FIRST.includes(key))?.key}
      />
    </>
  );
}
