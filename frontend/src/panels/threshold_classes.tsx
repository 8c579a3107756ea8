// What each class has at the slider's confidence, and whether a threshold of its own would be worth it.

import { useMemo, useState } from "preact/hooks";
import { Scroll } from "../components/scroll";
import { SortHeader } from "../components/sort_header";
import type { Sweep, ThresholdAnswer } from "../schema";
import { type Direction, OPPOSITE, sortBy } from "../sort";
import { sentences } from "./sentences";
import {
  type Column,
  columnsOf,
  type Line,
  linesOf,
  NAME,
  type SweptRow,
} from "./threshold_class_columns";

interface Props {
  answer: ThresholdAnswer;
  sweep: Sweep;
  row: SweptRow;
}

export function ThresholdClasses({ answer, sweep, row }: Props) {
  const lines = useMemo(() => linesOf(answer.classes, sweep, row), [answer, sweep, row]);
  const columns = columnsOf(lines);
  const { ordered, by, direction, sort } = useOrder(lines, columns);
  const [first] = answer.classes;
  return (
    <>
      <h3>Classes</h3>
      {first?.verdict === "unknown" && <p class="muted">{sentences(first.reason)}</p>}
      <Scroll label="Confidences by class">
        <table class="numbers classes by-class">
          <caption class="unseen">
            What each class has at the slider's confidence, and its own best confidence
          </caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <SortHeader
                  key={column.key}
                  title={column.title}
                  hint={column.hint}
                  numeric={column.numeric}
                  direction={column === by ? direction : null}
                  onClick={() => sort(column)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {ordered.map((line) => (
              <Row key={line.line.number ?? line.line.name} line={line} columns={columns} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function Row({ line, columns }: { line: Line; columns: readonly Column[] }) {
  return (
    <tr>
      <th scope="row">{NAME.cell(line)}</th>
      {columns
        .filter((column) => column !== NAME)
        .map(({ key, numeric, cell }) => (
          <td key={key} class={numeric ? "numeric" : undefined}>
            {cell(line)}
          </td>
        ))}
    </tr>
  );
}

/** What the table is sorted by at first: the worst first, by what there is. */
const FIRST = ["f1", "value"];

/** Rows stay where they are while the slider moves: only a click on a title sorts them anew. */
function useOrder(lines: readonly Line[], columns: readonly Column[]) {
  const [chosen, setChosen] = useState<[string, Direction] | null>(null);
  const keys = chosen ? [chosen[0]] : FIRST;
  const by = columns.find(({ key }) => keys.includes(key));
  const direction = chosen?.[1] ?? "ascending";
  const ordered = useMemo(
    () => (by ? sortBy(lines, by.order, direction) : lines),
    [lines, by, direction],
  );
  const sort = (column: Column) =>
    setChosen([column.key, column === by ? OPPOSITE[direction] : column.first]);
  return { ordered, by, direction, sort };
}
